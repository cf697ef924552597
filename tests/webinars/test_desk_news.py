"""What the desk is told beside its frames: what is asked twice, and votes a minute. Nobody else is."""

import asyncio
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from tests.webinars.test_hub import Reader, caught_up, hub, seat_of
from webinars.actions import questions
from webinars.actions.deed import deed
from webinars.actions.votes import Ballot, cast_votes
from webinars.live import desk_news
from webinars.live.alike import groups_in
from webinars.live.hub import Hub
from webinars.models import Participant, Question, Webinar

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["hub"]


def asked(webinar: Webinar, *texts: str, **facts: Any) -> list[int]:
    facts.setdefault("visibility", "submitted")
    return [make_question(webinar, text, **facts).pk for text in texts]


async def told(reader: Reader, alike: list[dict[str, Any]]) -> None:
    """Until this is what the reader was told last."""
    async with asyncio.timeout(30):
        while [frame["alike"] for frame in reader.heard if "alike" in frame][-1:] != [alike]:
            await asyncio.sleep(0.02)


async def test_the_desk_alone_learns_what_is_asked_twice_and_when_it_no_longer_is(hub: Hub) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    one, _, three = asked(webinar, "Who paid the trainers?", "How long was it?", "Trainers: who paid?")
    live = await hub.room(webinar.pk)
    assert live is not None
    others = [
        seat_of(live, make_person(webinar, "", role))[1] for role in ("attendee", "speaker", "language_desk")
    ]
    moderator = make_person(webinar, "M", "moderator")
    _, desk = seat_of(live, moderator)
    await told(desk, [{"questions": [one, three], "published": [], "words": ["paid", "trainers"]}])
    [four] = asked(webinar, "Who has paid these trainers?")
    with deed(webinar.pk, by=moderator) as done:
        questions.publish_question(done, done.question(one))
    await caught_up(live)
    await told(desk, [{"questions": [three, four], "published": [one], "words": ["paid", "trainers"]}])
    for pk in (three, four):
        with deed(webinar.pk, by=moderator) as done:
            questions.decline_question(done, done.question(pk), reason="asked")
    await caught_up(live)
    await told(desk, [])
    assert not any("alike" in json.dumps(reader.heard) for reader in others)


async def test_nothing_is_worked_out_where_no_desk_looks_on(hub: Hub) -> None:
    webinar = make_webinar()
    asked(webinar, "Who paid the trainers?", "Trainers: who paid?")
    live = await hub.room(webinar.pk)
    assert live is not None
    seat_of(live, make_person(webinar))
    with deed(webinar.pk, by=make_person(webinar, "H", "host")) as done:
        questions.publish_question(done, done.question(Question.objects.first().pk))  # type: ignore[union-attr]
    await caught_up(live)
    assert live.news.looking is None
    assert live.news.alike == []


async def test_votes_a_minute_are_those_of_the_last_minute(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    live = await hub.room(webinar.pk)
    assert live is not None
    _, desk = seat_of(live, make_person(webinar, "M", "moderator"))
    _, room = seat_of(live, make_person(webinar))
    people: list[Participant] = [make_person(webinar) for _ in range(5)]
    for some, on in ((people, True), (people[:2], False)):
        with deed(webinar.pk) as done:
            cast_votes(done, [Ballot(person, question.pk, on) for person in some])
        await caught_up(live)
    assert live.news.votes_a_minute() == 5
    live.count()
    assert [frame["pace"] for frame in desk.heard if "pace" in frame][-1] == 5
    assert not any("pace" in frame for frame in room.heard)
    monkeypatch.setattr(desk_news, "PACE_OVER", 0.0)
    live.count()
    assert [frame["pace"] for frame in desk.heard if "pace" in frame][-1] == 0


def test_over_plain_http_the_desk_is_told_the_same_and_others_are_not() -> None:
    webinar = make_webinar()
    one, two = asked(webinar, "Who paid the trainers?", "Trainers: who paid?")
    for role, sees in (("moderator", True), ("language_desk", False), ("attendee", False)):
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(make_person(webinar, "", role))
        answer = browser.get(f"/en/webinars/{webinar.pk}-x/changes/").json()
        assert ("alike" in answer) is sees
        if sees:
            assert answer["alike"] == groups_in(answer)
            assert answer["alike"][0]["questions"] == [one, two] == answer["review"]

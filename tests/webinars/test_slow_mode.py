"""Slow mode: one question a person in so many minutes, said before anybody types; and publishing at once in flight."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions.deed import Refused
from webinars.live import reading
from webinars.live.protocol import checked
from webinars.models import Participant, Question, Role, Webinar
from webinars.views import twin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    settings.BUDGET_FACTOR = 1e6


def do(webinar: Webinar, by: Participant, do: str, **fields: Any) -> dict[str, Any]:
    return twin.run(webinar, by, checked({"do": do, **fields}))


def ask(webinar: Webinar, by: Participant, text: str = "How much?", **fields: Any) -> dict[str, Any]:
    return do(webinar, by, "ask", client_id=str(fields.pop("client_id", uuid4())), text=text, language="en")


def asked_ago(minutes: float) -> None:
    Question.objects.update(asked_at=timezone.now() - timedelta(minutes=minutes))


def test_the_second_question_waits_and_says_for_how_long() -> None:
    webinar = make_webinar(slow_minutes=2)
    person = make_person(webinar)
    ask(webinar, person)
    with pytest.raises(Refused) as refused:
        ask(webinar, person, "And when?")
    assert refused.value.code == "slow"
    assert refused.value.facts["minutes"] == refused.value.facts["left"] == 2
    assert 110 < int(refused.value.facts["retry_after"]) <= 120
    asked_ago(1.2)
    with pytest.raises(Refused) as refused:
        ask(webinar, person, "And when?")
    assert refused.value.facts["left"] == 1
    asked_ago(2.1)
    assert "question" in ask(webinar, person, "And when?")
    assert Question.objects.count() == 2


def test_a_question_sent_again_by_a_poor_line_is_the_first_one_and_no_second() -> None:
    webinar = make_webinar(slow_minutes=5)
    person, key = make_person(webinar), uuid4()
    first = ask(webinar, person, client_id=key)
    assert ask(webinar, person, client_id=key) == first


def test_taking_the_first_one_back_is_no_way_round_and_rewriting_is_no_asking() -> None:
    webinar = make_webinar(slow_minutes=5)
    person = make_person(webinar)
    pk = ask(webinar, person)["question"]
    Question.objects.filter(pk=pk).update(visibility="returned", reason="unclear")
    do(webinar, person, "rewrite", question=pk, text="How much for one lesson?")
    do(webinar, person, "withdraw", question=pk)
    with pytest.raises(Refused, match="slow"):
        ask(webinar, person)


def test_others_do_not_wait_for_it_and_whoever_works_here_is_not_slowed() -> None:
    webinar = make_webinar(slow_minutes=5)
    ask(webinar, make_person(webinar))
    ask(webinar, make_person(webinar))
    for role, slowed in ((r, r in (Role.ATTENDEE, Role.SPEAKER, Role.CAPTIONER)) for r in Role):
        person = make_person(webinar, "X", role)
        ask(webinar, person)
        if slowed:
            with pytest.raises(Refused, match="slow"):
                ask(webinar, person)
        else:
            ask(webinar, person)


def test_moderators_change_it_while_people_ask_and_can_take_it_back() -> None:
    webinar = make_webinar()
    mari, person = make_person(webinar, "Mari", "moderator"), make_person(webinar)
    ask(webinar, person)
    act = do(webinar, mari, "slow", minutes=10)["act"]
    assert reading.header_of(Webinar.objects.get(pk=webinar.pk))["slow"] == 10
    with pytest.raises(Refused, match="slow"):
        ask(webinar, person)
    assert do(webinar, mari, "slow", minutes=10) == {}
    do(webinar, mari, "undo", act=act)
    assert "question" in ask(webinar, person)
    act = do(webinar, mari, "slow", minutes=5)["act"]
    do(webinar, make_person(webinar, "Olena", "moderator"), "slow", minutes=2)
    with pytest.raises(Refused, match="too_late"):
        do(webinar, mari, "undo", act=act)
    assert Webinar.objects.get(pk=webinar.pk).slow_minutes == 2
    do(webinar, mari, "slow", minutes=10**6)
    assert Webinar.objects.get(pk=webinar.pk).slow_minutes == 60


@pytest.mark.parametrize("page", ["room/", "room/text/"])
def test_the_page_says_so_before_anybody_types_and_keeps_what_was_typed(page: str) -> None:
    webinar = make_webinar(slow_minutes=5)
    person = make_person(webinar)
    browser = Client()
    browser.cookies["sessionid"] = session_of(person)
    there = f"/en/webinars/{webinar.pk}-x"
    said = browser.get(f"{there}/{page}").content.decode()
    assert "One question a person in 5 minutes." in said
    assert '<b data-is="wait" role="status" hidden></b>' in said
    make_question(webinar, participant=person)
    assert "You can ask again in 5 min." in browser.get(f"{there}/{page}").content.decode()
    fields = {"do": "ask", "client_id": str(uuid4()), "text": "What I typed", "language": "en"}
    said = browser.post(f"{there}/do/", fields | {"back": f"{there}/{page}"}, follow=True).content.decode()
    assert "Slow mode: one question a person in 5 min." in said
    assert "What I typed</textarea>" in said
    Webinar.objects.update(slow_minutes=0)
    assert 'id="ask-again" hidden' in browser.get(f"{there}/{page}").content.decode()


# --- what publishes at once -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["everybody", "registered", "nobody"])
def test_what_publishes_at_once_changes_while_people_ask(rule: str) -> None:
    webinar = make_webinar(publishes_at_once="nobody" if rule == "everybody" else "everybody")
    host, guest = make_person(webinar, "H", "host"), make_person(webinar)
    known = make_person(webinar, registered_at=timezone.now())
    old = {person: ask(webinar, person)["visibility"] for person in (guest, known)}
    do(webinar, host, "settings", publishes_at_once=rule)
    new = {person: ask(webinar, person)["visibility"] for person in (guest, known)}
    assert set(old.values()) == {"submitted" if rule == "everybody" else "published"}
    at_once = {"everybody": [guest, known], "registered": [known], "nobody": []}[rule]
    assert new == {one: "published" if one in at_once else "submitted" for one in (guest, known)}


def test_those_who_waited_are_offered_and_not_published_by_themselves() -> None:
    webinar = make_webinar()
    host, guest = make_person(webinar, "H", "host"), make_person(webinar)
    known = make_person(webinar, registered_at=timezone.now())
    first, second = (ask(webinar, person)["question"] for person in (guest, known))
    assert do(webinar, host, "settings", publishes_at_once="registered")["waiting"] == [second]
    assert do(webinar, host, "settings", publishes_at_once="everybody")["waiting"] == [first, second]
    assert "waiting" not in do(webinar, host, "settings", publishes_at_once="nobody")
    assert "waiting" not in do(webinar, host, "settings", voting_open=False)
    assert set(Question.objects.values_list("visibility", flat=True)) == {"submitted"}

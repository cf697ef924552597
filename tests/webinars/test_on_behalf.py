"""A question that a moderator writes down for somebody: by phone, on paper, by a hand in the hall."""

import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_person, make_webinar
from tests.site import session_of
from webinars.actions import questions
from webinars.actions.deed import Refused, deed
from webinars.actions.votes import Ballot, cast_votes
from webinars.live import changes, reading
from webinars.models import Participant, Question, Webinar

pytestmark = pytest.mark.django_db


def ask_for(by: Participant, **facts: str) -> Question:
    said = {"on_behalf_of": "Dorj, herder, Khovd", "came_by": "phone"} | facts
    with deed(by.webinar_id, by=by) as done:
        return questions.ask_question(done, client_id=uuid4(), text="Хэзээ вэ?", language="mn", **said)  # type: ignore[arg-type]


def row_for(audience: str, webinar: Webinar, question: Question) -> changes.Json:
    room = reading.load(webinar.pk)
    assert room is not None
    row = room.rows[question.pk].seen_by(audience)
    assert row is not None
    return row


def test_it_is_shown_as_theirs_and_never_as_the_moderators() -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "Mari", "moderator", "speaker", country="EE", place="Tallinn")
    question = ask_for(moderator)
    for audience in changes.AUDIENCES:
        row = row_for(audience, webinar, question)
        assert (row["for"], row["came_by"], row["lang"]) == ("Dorj, herder, Khovd", "phone", "mn")
        facts = ("name", "organisation", "place", "country", "speaker")
        assert [row[name] for name in facts] == ["", "", "", "", False]
        assert "Mari" not in json.dumps(row)
    assert question.visibility == "published"  # a moderator has read it: it was typed by one


@pytest.mark.parametrize("name_shown", ["moderators", "nobody"])
def test_who_does_not_want_to_be_named_is_not(name_shown: str) -> None:
    webinar = make_webinar()
    question = ask_for(make_person(webinar, "Mari", "moderator"), name_shown=name_shown)
    for audience in ("everyone", "speakers", "staff"):
        assert "Dorj" not in json.dumps(row_for(audience, webinar, question))
        assert row_for(audience, webinar, question)["came_by"] == "phone"
    assert ("Dorj" in json.dumps(row_for("desk", webinar, question))) is (name_shown == "moderators")


def test_only_the_desk_asks_for_others() -> None:
    webinar = make_webinar()
    for role in ("attendee", "speaker", "language_desk"):
        for facts in ({"came_by": ""}, {"on_behalf_of": ""}):
            with pytest.raises(Refused, match="forbidden"):
                ask_for(make_person(webinar, "", role), **facts)
    assert not Question.objects.exists()


def test_whoever_typed_it_cannot_vote_for_it_and_others_can() -> None:
    webinar = make_webinar()
    moderator, other = make_person(webinar, "Mari", "moderator"), make_person(webinar)
    question = ask_for(moderator)
    with deed(webinar.pk, by=moderator) as done:
        ballots = [Ballot(moderator, question.pk, True), Ballot(other, question.pk, True)]
        assert cast_votes(done, ballots) == ["own_question", ""]
    question.refresh_from_db()
    assert question.votes == 1


def test_refused_without_a_script_its_words_come_back_into_their_own_box() -> None:
    webinar = make_webinar(questions_open=False)
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(make_person(webinar, "Mari", "moderator"))
    console = f"/en/webinars/{webinar.pk}-x/console/"
    fields = {
        "do": "ask", "client_id": str(uuid4()), "text": "Хэзээ вэ?", "language": "mn", "came_by": "paper",
        "on_behalf_of": "Dorj", "back": console,
    }  # fmt: skip
    page = browser.post(f"/en/webinars/{webinar.pk}-x/do/", fields, follow=True)
    assert page.context["unsent"] == {"ask_for": "Хэзээ вэ?"}
    assert page.content.decode().count(">Хэзээ вэ?</textarea>") == 1

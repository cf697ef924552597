"""A decision on what changed meanwhile is refused, and the page says what it was, what it is and who changed it."""

import pytest
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions.deed import Refused, deed
from webinars.actions.questions import (
    decline_question,
    publish_question,
    return_question,
    rewrite_question,
    withdraw_question,
)
from webinars.live import reading
from webinars.live.protocol import checked
from webinars.models import Participant, Question, Webinar
from webinars.models.questions import mark_of
from webinars.views import twin

pytestmark = pytest.mark.django_db


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar()


@pytest.fixture
def mari(webinar: Webinar) -> Participant:
    return make_person(webinar, "Mari", "moderator")


@pytest.fixture
def olena(webinar: Webinar) -> Participant:
    return make_person(webinar, "Olena", "moderator")


@pytest.fixture
def question(webinar: Webinar) -> Question:
    return make_question(
        webinar, "How much?", visibility="submitted", participant=make_person(webinar, "Zorigtbaatar")
    )


def press(webinar: Webinar, by: Participant, question: Question, do: str = "publish", **more: object) -> str:
    """As this screen shows it; the code of the refusal."""
    fields = {
        "do": do,
        "question": question.pk,
        "was": question.visibility,
        "seen": question.words_mark,
        **more,
    }
    try:
        twin.run(webinar, by, checked(fields))
        return ""
    except Refused as refused:
        return refused.code


def rewritten(webinar: Webinar, question: Question, olena: Participant, text: str) -> None:
    """Returned by another moderator and written anew by its asker: it waits for review again."""
    with deed(webinar.pk, by=olena) as done:
        return_question(done, done.question(question.pk), reason="unclear")
    with deed(webinar.pk, by=question.participant) as done:
        rewrite_question(done, done.question(question.pk), text=text)


def page(webinar: Webinar, person: Participant, question: Question, **query: object) -> tuple[int, str]:
    browser = Client()
    browser.cookies["sessionid"] = session_of(person)
    there = f"/en/webinars/{webinar.pk}-x/console/changed/{question.pk}/"
    answer = browser.get(there, query)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("do", ["publish", "return", "decline", "move"])
def test_new_words_are_not_decided_on_by_a_press_meant_for_the_old_ones(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question, do: str
) -> None:
    rewritten(webinar, question, olena, "How much did one lesson cost?")
    more = {"to": "troubles"} if do == "move" else {"reason": "tone"}
    assert press(webinar, mari, question, do, **more) == "changed"
    question.refresh_from_db()
    assert question.visibility == "submitted"
    assert press(webinar, mari, question, do, **more) == ""


def test_whoever_says_nothing_of_the_words_decides_as_before(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question
) -> None:
    rewritten(webinar, question, olena, "Another?")
    twin.run(webinar, mari, checked({"do": "publish", "question": question.pk}))
    assert Question.objects.get(pk=question.pk).visibility == "published"


def test_the_mark_travels_to_the_desk_alone_and_moves_with_the_words(
    webinar: Webinar, question: Question
) -> None:
    row = reading.row_of(Question.objects.with_all().get(pk=question.pk), webinar)
    assert row.desk["seen"] == question.words_mark == mark_of("How much?", "en")
    assert "seen" not in row.staff
    assert "seen" not in row.own
    assert mark_of("How much?", "en") not in (mark_of("How much", "en"), mark_of("How much?", "et"))


def test_the_difference_says_the_old_words_the_new_ones_and_who_wrote_them(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question
) -> None:
    seen = question.words_mark
    rewritten(webinar, question, olena, "How much did one lesson cost?")
    status, said = page(webinar, mari, question, do="publish", was="submitted", seen=seen)
    assert status == 200
    assert '<del lang="en" dir="auto">How much?</del>' in said
    assert '<ins lang="en" dir="auto">How much did one lesson cost?</ins>' in said
    assert "the asker" in said
    assert "Publish anyway" in said
    question.refresh_from_db()
    assert f'name="seen" value="{question.words_mark}"' in said


def test_the_difference_names_the_moderator_who_decided_and_one_press_decides_anyway(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question
) -> None:
    stale = Question.objects.get(pk=question.pk)
    with deed(webinar.pk, by=olena) as done:
        decline_question(done, done.question(question.pk), reason="tone", note="Kindly, please")
    assert press(webinar, mari, stale) == "changed"
    _, said = page(webinar, mari, question, do="publish", was="submitted", seen=stale.words_mark)
    for words in ("waiting for review", "declined", "The tone", "Kindly, please", "Olena", "Publish anyway"):
        assert words in said, words
    question.refresh_from_db()
    assert press(webinar, mari, question) == ""
    question.refresh_from_db()
    assert question.visibility == "published"


def test_what_the_asker_took_back_shows_no_words_and_offers_nothing(
    webinar: Webinar, mari: Participant, question: Question
) -> None:
    with deed(webinar.pk, by=question.participant) as done:
        withdraw_question(done, done.question(question.pk))
    assert press(webinar, mari, question) == "changed"
    _, said = page(webinar, mari, question, do="publish", was="submitted", seen=1)
    assert "How much?" not in said
    assert "anyway" not in said
    assert "taken back" in said


def test_an_asker_whom_nobody_may_know_is_not_named_here(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question
) -> None:
    Question.objects.filter(pk=question.pk).update(name_shown="nobody")
    rewritten(webinar, question, olena, "Another?")
    _, said = page(webinar, mari, question, do="publish", was="submitted", seen=1)
    assert "Zorigtbaatar" not in said
    assert "the asker" in said


def test_the_difference_is_for_the_desk_alone(webinar: Webinar, question: Question) -> None:
    for role in ("attendee", "speaker", "language_desk"):
        assert page(webinar, make_person(webinar, "X", role), question)[0] == 403
    assert Client().get(f"/en/webinars/{webinar.pk}-x/console/changed/{question.pk}/").status_code == 302
    elsewhere = make_webinar()
    assert page(elsewhere, make_person(elsewhere, "M", "moderator"), question)[0] == 404


@pytest.mark.parametrize("seen", ["", "x", "9" * 5000, "١٢"])
def test_a_mark_that_is_none_breaks_nothing(
    webinar: Webinar, mari: Participant, question: Question, seen: str
) -> None:
    assert page(webinar, mari, question, do="nothing", was="nowhere", seen=seen)[0] == 200


def test_without_a_script_a_late_press_leads_to_the_difference(
    webinar: Webinar, mari: Participant, olena: Participant, question: Question
) -> None:
    with deed(webinar.pk, by=olena) as done:
        publish_question(done, done.question(question.pk))
    browser = Client()
    browser.cookies["sessionid"] = session_of(mari)
    fields = {
        "do": "decline",
        "question": question.pk,
        "was": "submitted",
        "reason": "tone",
        "note": "Kindly",
    }
    said = browser.post(f"/en/webinars/{webinar.pk}-x/do/", fields, follow=True).content.decode()
    assert "Olena" in said
    assert "Decline anyway" in said
    assert '<option value="tone" selected>' in said
    assert 'value="Kindly"' in said
    assert Question.objects.get(pk=question.pk).visibility == "published"

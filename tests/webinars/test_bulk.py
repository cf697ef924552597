"""One decision on many questions: one deed, one undo, and each that could not be is told with its reason."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions import bulk
from webinars.actions.deed import Refused, deed
from webinars.actions.questions import decline_question
from webinars.actions.undo import undo_act
from webinars.live.protocol import MAX_IDS, Malformed, checked
from webinars.models import Act, Participant, Question, Webinar
from webinars.views import twin

pytestmark = pytest.mark.django_db


def standing(*questions: Question) -> list[str]:
    return [Question.objects.get(pk=question.pk).visibility for question in questions]


def several(
    webinar: Webinar, by: Participant, verb: str, *questions: Question, **facts: Any
) -> dict[str, Any]:
    stands = [f"{q.pk}.{q.visibility}.{q.words_mark}" for q in questions]
    return twin.run(webinar, by, checked({"do": "bulk", "verb": verb, "questions": stands, **facts}))


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar()


@pytest.fixture
def mari(webinar: Webinar) -> Participant:
    return make_person(webinar, "Mari", "moderator")


@pytest.mark.parametrize(
    ("verb", "stands", "then"),
    [
        ("publish", "submitted", "published"),
        ("return", "submitted", "returned"),
        ("decline", "submitted", "declined"),
        ("hide", "published", "hidden"),
        ("publish", "hidden", "published"),
    ],
)
def test_many_are_decided_on_at_once_and_taken_back_at_once(
    webinar: Webinar, mari: Participant, verb: str, stands: str, then: str
) -> None:
    questions = [make_question(webinar, f"Number {n}?", visibility=stands) for n in range(3)]
    reply = several(webinar, mari, verb, *questions, reason="tone", note="All three")
    assert (reply["done"], reply["undo"]) == (3, True)
    assert standing(*questions) == [then] * 3
    if verb != "publish":
        assert {q.reason_note for q in Question.objects.all()} == {"All three"}
    assert Act.objects.filter(verb=verb).count() == 3  # each is recorded as itself, too
    twin.run(webinar, mari, checked({"do": "undo", "act": reply["act"]}))
    assert standing(*questions) == [stands] * 3


def test_what_cannot_be_is_told_one_by_one_and_holds_nothing_else(
    webinar: Webinar, mari: Participant
) -> None:
    fine, gone, own, elsewhere = (
        make_question(webinar, "Fine?", visibility="submitted"),
        make_question(webinar, "Gone?", visibility="submitted"),
        make_question(webinar, "Mine?", visibility="submitted", participant=mari),
        make_question(make_webinar(), "Another room?", visibility="submitted"),
    )
    with deed(webinar.pk, by=make_person(webinar, "Olena", "moderator")) as done:
        decline_question(done, done.question(gone.pk), reason="tone")
    reply = several(webinar, mari, "publish", fine, gone, own, elsewhere)
    assert reply["done"] == 1
    assert reply["refused"] == {gone.pk: "changed", own.pk: "own_question", elsewhere.pk: "not_found"}
    assert standing(fine, gone, own, elsewhere) == ["published", "declined", "submitted", "submitted"]


def test_words_that_nobody_read_are_not_published_among_many(webinar: Webinar, mari: Participant) -> None:
    read, rewritten = (make_question(webinar, text, visibility="submitted") for text in ("One?", "Two?"))
    stands = [f"{q.pk}.submitted.{q.words_mark}" for q in (read, rewritten)]
    Question.objects.filter(pk=rewritten.pk).update(text="Something else entirely?")
    reply = twin.run(webinar, mari, checked({"do": "bulk", "verb": "publish", "questions": stands}))
    assert reply["refused"] == {rewritten.pk: "changed"}
    assert standing(read, rewritten) == ["published", "submitted"]


def test_where_none_could_be_it_is_refused_as_a_whole_and_nothing_is_recorded(
    webinar: Webinar, mari: Participant
) -> None:
    own = [make_question(webinar, visibility="submitted", participant=mari) for _ in range(2)]
    with pytest.raises(Refused, match="own_question"):
        several(webinar, mari, "publish", *own)
    waiting = make_question(webinar, visibility="submitted")
    with pytest.raises(Refused, match="reason_needed"):
        several(webinar, mari, "decline", waiting)
    assert not Act.objects.filter(verb__in=("bulk", "publish", "decline")).exists()


def test_one_that_moved_on_does_not_hold_the_others_when_it_is_taken_back(
    webinar: Webinar, mari: Participant
) -> None:
    stays, moved = (make_question(webinar, visibility="submitted") for _ in range(2))
    act = several(webinar, mari, "publish", stays, moved)["act"]
    with deed(webinar.pk, by=make_person(webinar, "Olena", "moderator")) as done:
        decline_question(done, done.question(moved.pk), reason="tone")
    assert twin.run(webinar, mari, checked({"do": "undo", "act": act})) == {"stayed": 1}
    assert standing(stays, moved) == ["submitted", "declined"]
    with pytest.raises(Refused, match="too_late"), deed(webinar.pk, by=mari) as done:
        undo_act(done, act)


def test_the_same_question_named_twice_is_one(webinar: Webinar, mari: Participant) -> None:
    question = make_question(webinar, visibility="submitted")
    assert several(webinar, mari, "publish", question, question)["done"] == 1
    assert several(webinar, mari, "publish", question) == {"done": 0}  # it stood so already


@pytest.mark.parametrize(
    "questions",
    [[], "x", ["12.nowhere.5"], ["12.submitted.x"], [None], [["1"]], list(range(1, MAX_IDS + 2))],
)
def test_what_is_no_choice_of_questions_is_malformed(questions: Any) -> None:
    with pytest.raises(Malformed):
        checked({"do": "bulk", "verb": "publish", "questions": questions})


def test_a_verb_that_is_no_decision_is_malformed() -> None:
    with pytest.raises(Malformed):
        checked({"do": "bulk", "verb": "remove", "questions": [1]})


def test_a_hundred_are_one_deed(webinar: Webinar, mari: Participant) -> None:
    questions = [make_question(webinar, f"{n}?", visibility="submitted") for n in range(MAX_IDS)]
    before = Webinar.objects.get(pk=webinar.pk).seq
    assert several(webinar, mari, "publish", *questions)["done"] == MAX_IDS
    assert Webinar.objects.get(pk=webinar.pk).seq == before + 1


def test_the_boxes_work_without_a_script(webinar: Webinar, mari: Participant) -> None:
    one, two, three = (make_question(webinar, text, visibility="submitted") for text in ("A?", "B?", "C?"))
    with deed(webinar.pk, by=make_person(webinar, "Olena", "moderator")) as done:
        decline_question(done, done.question(two.pk), reason="tone")
    browser = Client()
    browser.cookies["sessionid"] = session_of(mari)
    there = f"/en/webinars/{webinar.pk}-x"
    page = browser.get(f"{there}/console/", {"all": "review"}).content.decode()
    value = f"{one.pk}.submitted.{one.words_mark}"
    assert f'aria-describedby="text-review-{one.pk}" value="{value}" checked' in page
    stands = [f"{q.pk}.submitted.{q.words_mark}" for q in (one, two, three)]
    fields = {"do": "bulk", "verb": "publish", "questions": stands, "reason": "", "back": f"{there}/console/"}
    said = browser.post(f"{there}/do/", fields, follow=True).content.decode()
    assert "2 questions decided on." in said
    assert "“B?”: Somebody decided on this a moment ago." in said
    assert standing(one, two, three) == ["published", "declined", "published"]
    act = Act.objects.get(verb="bulk")
    assert f'name="act" value="{act.pk}"' in said
    browser.post(f"{there}/do/", {"do": "undo", "act": act.pk})
    assert standing(one, two, three) == ["submitted", "declined", "submitted"]


def test_a_script_that_posts_several_by_http_is_understood(webinar: Webinar, mari: Participant) -> None:
    one, two = (make_question(webinar, visibility="submitted") for _ in range(2))
    browser = Client()
    browser.cookies["sessionid"] = session_of(mari)
    fields = {"do": "bulk", "verb": "decline", "questions": [str(one.pk), str(two.pk)], "reason": "tone"}
    answer = browser.post(f"/en/webinars/{webinar.pk}-x/do/", fields, headers={"Accept": "application/json"})
    assert json.loads(answer.content)["ok"]["done"] == 2


def test_the_decisions_are_those_of_one_question() -> None:
    assert set(bulk.DECISIONS) == {"publish", "return", "decline", "hide"}

"""An answered question becomes a lesson's draft, and the published lesson shows on the question."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actions import create_user
from accounts.models import User
from knowledge.actions import Text, publish_revision, withdraw
from knowledge.models import Draft, Guide
from tests.factories import make_person, make_question, make_webinar
from webinars.addresses import address
from webinars.live import reading
from webinars.models import Answer, Citation, Entry, Question, Webinar

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def expert() -> User:
    return create_user("expert@example.org", None, name="Expert", roles=("expert",))


@pytest.fixture
def webinar() -> Webinar:
    return make_webinar()


@pytest.fixture
def question(webinar: Webinar) -> Question:
    speaker = make_person(webinar, "Speaker, Estonia", "attendee", "speaker", country="EE")
    question = make_question(webinar, "Сургагч нар цалин авсан уу?\n<b>?</b>", language="mn", floor="done")
    Answer.objects.create(question=question, gist="They were paid by banks.", language="en", speaker=speaker,
                          given_at=timezone.now())  # fmt: skip
    return question


def begin(question: Question, user: User | None) -> Any:
    browser = Client()
    if user is not None:
        browser.force_login(user)
    return browser.post(address(question.webinar, "draft_lesson"), {"question": question.pk})


def row(question: Question) -> Any:
    return reading.row_of(Question.objects.with_all().get(pk=question.pk), question.webinar).everyone


def publish(draft: Draft, author: User) -> None:
    publish_revision(draft.edition, author, Text.of(draft), base=None)


def test_a_draft_holds_the_question_the_gist_and_where_they_were_said(
    question: Question, expert: User
) -> None:
    answer = begin(question, expert)
    draft = Draft.objects.get()
    assert answer["Location"] == f"/en/knowledge/{draft.edition.guide_id}/edit/en/"
    assert "> Сургагч нар цалин авсан уу?" in draft.body
    assert "They were paid by banks." in draft.body
    assert "{#context}" in draft.body
    assert "{#elsewhere}" in draft.body
    citation = Citation.objects.get()
    assert (citation.question, citation.webinar, citation.speaker) == (
        question,
        question.webinar,
        "Speaker, Estonia",
    )
    assert (citation.quote, citation.language) == ("They were paid by banks.", "en")
    assert citation.said_at is not None
    browser = Client()
    browser.force_login(expert)
    assert browser.get(answer["Location"]).status_code == 200


def test_pressing_twice_opens_the_same_draft_again(question: Question, expert: User) -> None:
    begin(question, expert)
    Draft.objects.update(body="Hours of work")
    begin(question, expert)
    assert [draft.body for draft in Draft.objects.all()] == ["Hours of work"]
    assert Guide.objects.count() == 1


def test_only_those_who_may_write_guides_begin_one(question: Question) -> None:
    host = create_user("host@example.org", None, name="Host", roles=("host",))
    make_person(question.webinar, "Host", "attendee", "host", user=host)
    assert begin(question, host).status_code == 302
    assert begin(question, None)["Location"].startswith("/en/accounts/login/")
    assert not Guide.objects.exists()
    assert not Citation.objects.exists()


@pytest.mark.parametrize("facts", [{"visibility": "hidden"}, {"visibility": "submitted"}])
def test_no_lesson_begins_from_what_is_not_public(
    question: Question, expert: User, facts: dict[str, str]
) -> None:
    Question.objects.update(**facts)
    begin(question, expert)
    assert not Guide.objects.exists()


def test_no_lesson_begins_before_there_is_an_answer_or_from_another_room(
    webinar: Webinar, question: Question, expert: User
) -> None:
    begin(make_question(webinar, "Not answered?"), expert)
    browser = Client()
    browser.force_login(expert)
    browser.post(address(make_webinar("Another"), "draft_lesson"), {"question": question.pk})
    Webinar.objects.filter(pk=webinar.pk).update(entry=Entry.INVITED)
    begin(question, expert)
    assert not Guide.objects.exists()


def test_the_room_shows_the_lesson_only_once_it_is_published(question: Question, expert: User) -> None:
    begin(question, expert)
    draft = Draft.objects.get()
    assert row(question)["guides"] == []
    before = Question.objects.get(pk=question.pk).seq
    publish(draft, expert)
    assert row(question)["guides"] == [{"id": draft.edition.guide_id, "anchor": "context"}]
    assert Question.objects.get(pk=question.pk).seq > before
    withdraw(draft.edition, why="It was wrong.")
    assert row(question)["guides"] == []


def test_the_guides_page_says_where_it_was_asked_while_that_is_public(
    question: Question, expert: User
) -> None:
    begin(question, expert)
    draft = Draft.objects.get()
    publish(draft, expert)
    path = f"/en/knowledge/{draft.edition.guide_id}-x/"
    there = f"{address(question.webinar)}?question={question.pk}#q-{question.pk}"
    page = Client().get(path, follow=True).content.decode()
    assert there in page
    assert "They were paid by banks." in page
    Question.objects.update(visibility="hidden")
    assert there not in Client().get(path, follow=True).content.decode()


def test_an_expert_sees_the_button_and_others_do_not(question: Question, expert: User) -> None:
    browser = Client()
    browser.force_login(expert)
    button = address(question.webinar, "draft_lesson")
    assert button in browser.get(address(question.webinar)).content.decode()
    assert button not in Client().get(address(question.webinar)).content.decode()

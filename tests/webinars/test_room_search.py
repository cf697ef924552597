"""Searching inside a room: what is asked there, by its words and its gists, and never what one may not see."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from config import jobs
from knowledge.models import SearchEntry, SearchVocab
from knowledge.search import search
from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_lenses import seen
from tests.webinars.test_room_page import address, client_of, text_of
from webinars.actions import floor, questions
from webinars.actions.deed import deed
from webinars.actions.room import change_state
from webinars.models import Entry, Participant, Question, State, Webinar

pytestmark = pytest.mark.django_db


def moderator_of(webinar: Webinar) -> Participant:
    return Participant.objects.filter(webinar=webinar, name="Moderator").first() or make_person(
        webinar, "Moderator", "attendee", "moderator"
    )


def ask(webinar: Webinar, text: str, *, language: str = "en", by: Participant | None = None) -> Question:
    with deed(webinar.pk, by=by or make_person(webinar)) as done:
        return questions.ask_question(done, client_id=uuid4(), text=text, language=language)


def published(webinar: Webinar, text: str, *, language: str = "en") -> Question:
    question = ask(webinar, text, language=language)
    with deed(webinar.pk, by=moderator_of(webinar)) as done:
        questions.publish_question(done, done.question(question.pk))
    jobs.work_due()
    return question


def test_a_published_question_is_found_in_its_room_in_any_form_of_its_words_and_marked() -> None:
    webinar = make_webinar()
    question = published(webinar, "Сургагч нар цалин авсан уу?", language="mn")
    person = make_person(webinar)
    assert seen(person, webinar, q="сургагчийн цалинг") == [question.pk]
    page = text_of(client_of(person).get(address(webinar, "questions"), {"q": "сургагч"}))
    assert "<mark>Сургагч</mark>" in page
    assert f'name="question" value="{question.pk}"' in page  # and can be voted for


def test_a_question_is_found_by_the_gist_of_its_answer() -> None:
    webinar = make_webinar()
    question = published(webinar, "Who paid?")
    moderator = moderator_of(webinar)
    with deed(webinar.pk, by=moderator) as done:
        floor.open_turn(done, done.question(question.pk))
    with deed(webinar.pk, by=moderator) as done:
        floor.close_turn(done, gist="The telephone companies did.", language="en")
    jobs.work_due()
    assert seen(make_person(webinar), webinar, q="telephone company") == [question.pk]
    assert "<mark>telephone companies</mark>" in text_of(
        client_of(moderator).get(address(webinar, "questions"), {"q": "telephone company"})
    )


def test_what_waits_for_review_is_found_by_the_staff_alone() -> None:
    webinar = make_webinar()
    asker = make_person(webinar)
    question = ask(webinar, "Who paid the trainers?", by=asker)
    jobs.work_due()
    staff = (moderator_of(webinar), make_person(webinar, "Desk", "attendee", "language_desk"))
    for person in staff:
        assert seen(person, webinar, q="trainers") == [question.pk]
        page = text_of(client_of(person).get(address(webinar, "questions"), {"q": "trainers"}))
        assert "not public" in page
    others = (asker, make_person(webinar), make_person(webinar, "Speaker", "attendee", "speaker"), None)
    for other in others:
        assert seen(other, webinar, q="trainers") == []
        assert "Who paid" not in text_of(
            client_of(other).get(address(webinar, "questions"), {"q": "trainers"})
        )
    assert search("trainers", {"public", f"webinar:{webinar.pk}"}).hits == []


def test_a_moderator_of_one_room_finds_nothing_that_waits_in_another() -> None:
    webinar, other = make_webinar(), make_webinar("Another")
    ask(other, "Who paid the trainers?")
    published(other, "Do trainers travel?")
    jobs.work_due()
    assert seen(moderator_of(webinar), webinar, q="trainers") == []


@pytest.mark.parametrize("how", ["hide", "return", "withdraw"])
def test_what_left_the_list_is_not_found_even_before_the_index_knows(how: str) -> None:
    webinar = make_webinar()
    question = published(webinar, "Who paid the trainers?")
    person = make_person(webinar)
    assert seen(person, webinar, q="trainers") == [question.pk]
    by = question.participant if how == "withdraw" else moderator_of(webinar)
    with deed(webinar.pk, by=by) as done:
        row = done.question(question.pk)
        if how == "hide":
            questions.hide_question(done, row, reason="tone")
        elif how == "return":
            questions.return_question(done, row, reason="unclear")
        else:
            questions.withdraw_question(done, row)
    assert seen(person, webinar, q="trainers") == []
    jobs.work_due()
    assert seen(person, webinar, q="trainers") == []
    found = SearchEntry.objects.filter(content_type="question").values_list("scope", flat=True)
    assert list(found) == ([] if how == "withdraw" else [f"staff:{webinar.pk}"])


def test_new_words_are_found_and_the_old_ones_are_not() -> None:
    webinar = make_webinar()
    asker, moderator = make_person(webinar), moderator_of(webinar)
    question = ask(webinar, "Who paid the trainers?", by=asker)
    with deed(webinar.pk, by=moderator) as done:
        questions.return_question(done, done.question(question.pk), reason="unclear")
    with deed(webinar.pk, by=asker) as done:
        questions.rewrite_question(done, done.question(question.pk), text="Who paid the teachers?")
    jobs.work_due()
    assert seen(moderator, webinar, q="teachers") == [question.pk]
    assert SearchEntry.objects.get(content_type="question").title == "Who paid the teachers?"


def test_no_word_of_a_room_becomes_a_suggestion() -> None:
    webinar = make_webinar()
    published(webinar, "What of the zyzzyva?")
    ask(webinar, "And the quokka?")
    jobs.work_due()
    assert not SearchVocab.objects.filter(word__in=["zyzzyva", "quokka"]).exists()


def test_words_nobody_published_yet_are_found_beside_words_everybody_uses() -> None:
    public, webinar = make_webinar("Archive"), make_webinar()
    question = published(public, "What did it cost in all?")
    with deed(public.pk, by=moderator_of(public)) as done:
        floor.open_turn(done, done.question(question.pk))
    with deed(public.pk, by=moderator_of(public)) as done:
        floor.close_turn(done, gist="What it cost was little.", language="en")
    mine = published(webinar, "Is there a zyzzyva?")
    assert seen(make_person(webinar), webinar, q="what did the zyzzyva cost") == [mine.pk]


def test_when_the_room_closes_only_what_was_answered_is_found() -> None:
    webinar = make_webinar(entry=Entry.ANYONE)
    published(webinar, "Who paid the trainers?")
    ask(webinar, "Do trainers travel?")
    host = make_person(webinar, "Host", "attendee", "host")
    for state in (State.ENDED, State.PUBLISHED):
        with deed(webinar.pk, by=host) as done:
            change_state(done, state)
    jobs.work_due()
    assert not SearchEntry.objects.filter(content_type="question").exists()


def test_a_reindex_finds_the_same() -> None:
    webinar = make_webinar()
    published(webinar, "Who paid the trainers?")
    ask(webinar, "Do trainers travel?")
    jobs.work_due()
    before = sorted(SearchEntry.objects.values_list("parent", "scope", "lang", "title"))
    assert len(before) == 2
    SearchEntry.objects.all().delete()
    call_command("reindex", verbosity=0)
    assert sorted(SearchEntry.objects.values_list("parent", "scope", "lang", "title")) == before


def test_a_room_of_invited_people_is_searched_by_them_alone() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    question = published(webinar, "Who paid the trainers?")
    assert seen(make_person(webinar), webinar, q="trainers") == [question.pk]
    assert Client().get(address(webinar, "questions"), {"q": "trainers"}).status_code == 302


def test_nothing_found_says_so() -> None:
    webinar = make_webinar()
    make_question(webinar)
    page = text_of(client_of(make_person(webinar)).get(address(webinar, "questions"), {"q": "zyzzyva"}))
    assert "Nothing is found here for these words" in page

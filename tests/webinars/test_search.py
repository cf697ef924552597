"""Answered questions are found by those who may read them, and by nobody else."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory

from config import jobs
from knowledge.models import SearchEntry
from knowledge.search import scopes_of, search, sources
from tests.factories import make_person, make_question, make_user, make_webinar
from webinars.actions import floor, questions
from webinars.actions.deed import deed
from webinars.addresses import address
from webinars.live.admission import SEATS
from webinars.models import Answer, Entry, Participant, Question, State, Webinar

pytestmark = pytest.mark.django_db


def answer(webinar: Webinar, text: str, gist: str, *, language: str = "en", **facts: Any) -> Question:
    """Answered by the very deeds of the console."""
    moderator = Participant.objects.filter(webinar=webinar, name="Moderator").first() or make_person(
        webinar, "Moderator", "attendee", "moderator"
    )
    question = make_question(webinar, text, language=language, **facts)
    with deed(webinar.pk, by=moderator) as done:
        floor.open_turn(done, done.question(question.pk))
    with deed(webinar.pk, by=moderator) as done:
        floor.close_turn(done, gist=gist, language="en")
    jobs.work_due()
    return question


def found(words: str, scopes: set[str] | None = None) -> list[str]:
    return [hit.title for hit in search(words, scopes or {"public"}).hits]


def test_an_answered_question_is_found_by_its_words_and_by_its_gist() -> None:
    webinar = make_webinar()
    question = answer(webinar, "Who paid the trainers?", "The telephone companies did.")
    assert found("trainers") == ["Who paid the trainers?"]
    assert found("telephone company") == ["Who paid the trainers?"]
    [hit] = search("trainers", {"public"}).hits
    assert hit.kind == "answer"
    assert hit.url == f"{address(webinar).removeprefix('/en')}?question={question.pk}#q-{question.pk}"
    page = Client().get(f"/en{hit.url}").content.decode()
    assert f'id="q-{question.pk}"' in page


def test_a_question_is_found_in_its_own_language_and_its_answer_in_another() -> None:
    webinar = make_webinar()
    answer(webinar, "Сургагч нар цалин авсан уу?", "Trainers were paid.", language="mn")
    assert found("сургагч") == ["Сургагч нар цалин авсан уу?"]
    assert found("trainers") == ["Сургагч нар цалин авсан уу?"]
    assert len(search("trainers сургагч", {"public"}).hits) == 1


def test_what_is_not_answered_yet_is_not_found() -> None:
    webinar = make_webinar()
    make_question(webinar, "Who paid the trainers?")
    moderator = make_person(webinar, "Moderator", "attendee", "moderator")
    promised = make_question(webinar, "What did the trainers cost?")
    with deed(webinar.pk, by=moderator) as done:
        floor.promise_answer(done, done.question(promised.pk), owner="Somebody")
    jobs.work_due()
    call_command("reindex", verbosity=0)
    assert found("trainers") == []


def test_a_question_that_is_hidden_is_found_no_more_and_again_when_it_comes_back() -> None:
    webinar = make_webinar()
    question = answer(webinar, "Who paid the trainers?", "Banks.")
    moderator = Participant.objects.get(webinar=webinar, name="Moderator")
    with deed(webinar.pk, by=moderator) as done:
        questions.hide_question(done, done.question(question.pk), reason="tone")
    jobs.work_due()
    assert found("trainers") == []
    found_in = SearchEntry.objects.filter(content_type="question").values_list("scope", flat=True)
    assert list(found_in) == [f"staff:{webinar.pk}"]  # who hid it must be able to find it
    with deed(webinar.pk, by=moderator) as done:
        questions.publish_question(done, done.question(question.pk))
    jobs.work_due()
    assert found("trainers") == ["Who paid the trainers?"]


def test_what_invited_people_said_is_found_by_them_alone_until_it_is_published() -> None:
    webinar = make_webinar(entry=Entry.INVITED)
    answer(webinar, "Who paid the trainers?", "Banks.")
    assert found("trainers") == []
    assert found("trainers", {"public", f"webinar:{webinar.pk}"}) == ["Who paid the trainers?"]
    from webinars.actions.room import change_state

    host = make_person(webinar, "Host", "attendee", "host")
    for state in (State.ENDED, State.PUBLISHED):
        with deed(webinar.pk, by=host) as done:
            change_state(done, state)
    jobs.work_due()
    assert found("trainers") == ["Who paid the trainers?"]


def test_nothing_tells_who_asked_when_they_hid_themselves() -> None:
    webinar = make_webinar()
    shy = make_person(webinar, "Shy Person", country="MN", organisation="Small Office")
    question = answer(webinar, "Who paid the trainers?", "Banks.", participant=shy, name_shown="nobody")
    entries = SearchEntry.objects.filter(object_id=question.pk, content_type="question")
    assert {entry.scope for entry in entries} == {"public"}
    for entry in entries:
        assert entry.countries.strip() == ""
        assert "Shy" not in repr(vars(entry))
        assert "Small Office" not in repr(vars(entry))


def test_a_reindex_finds_the_same() -> None:
    webinar = make_webinar()
    question = answer(webinar, "Who paid the trainers?", "Banks.")
    assert dict(sources["answers"]()).keys() == {f"question:{question.pk}"}
    before = list(SearchEntry.objects.values_list("parent", "lang", "title", "plain", "url", "scope"))
    SearchEntry.objects.all().delete()
    call_command("reindex", verbosity=0)
    assert list(SearchEntry.objects.values_list("parent", "lang", "title", "plain", "url", "scope")) == before


def test_drafts_are_in_no_index() -> None:
    webinar = make_webinar(state=State.DRAFT)
    question = make_question(webinar)
    Answer.objects.create(question=question, gist="Banks.", language="en")
    call_command("reindex", verbosity=0)
    assert not SearchEntry.objects.exists()


def test_a_person_has_the_scopes_of_their_webinars() -> None:
    webinar, desk = make_webinar("One"), make_webinar("Two")
    user = make_user()
    make_person(webinar, user=user)
    make_person(desk, "Moderator", "attendee", "moderator", user=user)
    make_person(make_webinar("Three"))
    browser = Client()
    browser.force_login(user)
    request = RequestFactory().get("/")
    request.session, request.user = browser.session, user
    request.COOKIES["sessionid"] = str(browser.session.session_key)
    assert scopes_of(request) == {
        "public", f"webinar:{webinar.pk}", f"webinar:{desk.pk}", f"staff:{desk.pk}",
    }  # fmt: skip


def test_a_guest_has_the_scope_of_their_seat_and_a_stranger_none() -> None:
    webinar = make_webinar(entry=Entry.ANYONE)
    guest = make_person(webinar)
    browser = Client()
    assert scopes_of(RequestFactory().get("/")) == {"public"}
    session = browser.session
    session[SEATS] = {str(webinar.pk): guest.pk}
    session.save()
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/")
    request.session, request.user = session, AnonymousUser()
    request.COOKIES["sessionid"] = str(session.session_key)
    assert scopes_of(request) == {"public", f"webinar:{webinar.pk}"}

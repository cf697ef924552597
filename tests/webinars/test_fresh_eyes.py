"""Faults somebody found who read it all anew: each as what must not happen."""

import pytest
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import merging, opinions, splitting
from webinars.actions.conduct import meant, remove
from webinars.actions.deed import Refused, deed
from webinars.actions.rehearsals import delete_rehearsal
from webinars.addresses import address
from webinars.announce import Word, listen, unlisten
from webinars.models import Participant, Question, Webinar
from webinars.search import entries_for

pytestmark = pytest.mark.django_db


def merged(webinar: Webinar) -> tuple[Participant, Question, Question]:
    """A host, the question of one person, and that of another which it stands for."""
    host = make_person(webinar, "Host", "host")
    head = make_question(webinar, "Who paid the trainers?")
    other = make_question(webinar, "Zyzzyva: who paid?", participant=make_person(webinar, "Loud"))
    with deed(webinar.pk, by=host) as done:
        merging.merge_questions(done, into=head.pk, questions=[other.pk])
    with deed(webinar.pk, by=host) as done:
        remove(done, meant(done, "remove", person=other.participant_id))
    return host, head, other


def test_taking_a_set_apart_brings_nobody_back_who_was_removed() -> None:
    webinar = make_webinar()
    host, head, other = merged(webinar)
    with deed(webinar.pk, by=host) as done:
        merging.unmerge_question(done, done.question(head.pk))
    other.refresh_from_db()
    assert other.visibility == "hidden"


def test_the_words_of_somebody_removed_are_not_found_through_what_they_were_merged_into() -> None:
    webinar = make_webinar()
    _, head, _ = merged(webinar)
    head = Question.objects.with_all().get(pk=head.pk)
    assert "Zyzzyva" not in str(entries_for(head))


def test_what_was_typed_for_somebody_is_no_opinion_of_who_typed_it() -> None:
    webinar = make_webinar()
    typist, host = make_person(webinar, "Typist", "moderator"), make_person(webinar, "Host", "host")
    question = make_question(webinar, participant=typist, on_behalf_of="Ms X, Khovd", came_by="phone")
    with pytest.raises(Refused), deed(webinar.pk, by=host) as done:
        opinions.move_to_opinions(done, done.question(question.pk))


def test_the_second_half_keeps_the_country_it_is_asked_of_and_is_put_into_the_search() -> None:
    from config.models import Job

    webinar = make_webinar()
    question = make_question(webinar, "Who paid? And who taught?", addressed_country="EE")
    with deed(webinar.pk, by=make_person(webinar, "Host", "host")) as done:
        splitting.split_question(done, done.question(question.pk), text="Who paid?", second="Who taught?")
    half = Question.objects.exclude(pk=question.pk).get()
    assert half.addressed_country == "EE"
    assert Job.objects.filter(key=f"index-question-{half.pk}").exists()


@pytest.mark.parametrize("page", ["webinar", "archive"])
def test_a_number_of_thousands_of_digits_is_no_failure(page: str) -> None:
    webinar = make_webinar(state="published" if page == "archive" else "live")
    make_question(webinar)
    assert Client().get(address(webinar, "webinar"), {"question": "9" * 5000}).status_code == 200


def test_a_scripts_answer_is_never_kept_for_everybody() -> None:
    webinar = make_webinar()
    answer = Client().get(address(webinar, "questions"), headers={"accept": "application/json"})
    assert answer.headers["Content-Type"] == "application/json"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_a_deleted_rehearsal_is_announced_by_its_number() -> None:
    real = make_webinar()
    sandbox = make_webinar(rehearsal_of=real, state="lobby", entry="invited")
    heard: list[Word] = []
    listen(heard.append)
    try:
        with deed(sandbox.pk, by=make_person(sandbox, "Host", "host")) as done:
            delete_rehearsal(done)
    finally:
        unlisten(heard.append)
    assert [word.webinar for word in heard] == [sandbox.pk]

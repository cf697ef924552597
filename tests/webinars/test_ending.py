"""When the host ends a webinar, nothing in it is live any more."""

import pytest

from tests.factories import make_agenda, make_person, make_question, make_webinar
from webinars.actions import floor, questions
from webinars.actions.deed import deed
from webinars.actions.room import change_state, next_agenda_item
from webinars.live import reading
from webinars.models import AgendaItem, Floor, Turn
from webinars.views.reading import agenda_of

pytestmark = pytest.mark.django_db


def test_no_question_stays_on_the_floor_and_no_item_runs_after_the_end() -> None:
    webinar = make_webinar()
    make_agenda(webinar, "Opening", "Questions")
    host = make_person(webinar, "Host", "host")
    question = make_question(webinar)
    with deed(webinar.pk, by=host) as done:
        next_agenda_item(done)
        floor.open_turn(done, done.question(question.pk))
    with deed(webinar.pk, by=host) as done:
        change_state(done, "ended")
    webinar.refresh_from_db()
    question.refresh_from_db()
    assert not Turn.objects.filter(webinar=webinar, ended_at=None).exists()
    assert question.floor == Floor.WAITING
    assert webinar.agenda_now is None
    assert AgendaItem.objects.get(webinar=webinar, started_at__isnull=False).ended_at
    assert [line.state for line in agenda_of(webinar)] == ["past", "coming"]


def test_what_was_next_is_an_unanswered_question_after_the_end_and_next_again_when_the_host_goes_on() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    first, second, third = (make_question(webinar, f"Number {n}?", votes=n) for n in range(3))
    with deed(webinar.pk, by=host) as done:
        floor.put_next(done, done.question(second.pk))
        floor.put_next(done, done.question(first.pk))
    with deed(webinar.pk, by=host) as done:
        change_state(done, "ended")
    room = reading.load(webinar.pk)
    assert room is not None
    assert room.lists().lined_up == []
    assert sorted(room.lists().order) == [first.pk, second.pk, third.pk]
    with deed(webinar.pk, by=host) as done:
        change_state(done, "wrap_up")
    room = reading.load(webinar.pk)
    assert room is not None
    assert room.lists().lined_up == [second.pk, first.pk]
    assert room.lists().order == [third.pk]


def test_what_was_hidden_after_the_end_does_not_come_back_as_next() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "Host", "host")
    question = make_question(webinar)
    with deed(webinar.pk, by=host) as done:
        floor.put_next(done, done.question(question.pk))
    with deed(webinar.pk, by=host) as done:
        change_state(done, "ended")
    with deed(webinar.pk, by=host) as done:
        questions.hide_question(done, done.question(question.pk), reason="personal_data")
    with deed(webinar.pk, by=host) as done:
        change_state(done, "wrap_up")
    question.refresh_from_db()
    assert (question.visibility, question.floor) == ("hidden", "waiting")


@pytest.mark.parametrize("to", ["postponed", "cancelled", "scheduled"])
def test_a_webinar_put_off_from_its_lobby_leaves_no_turn_open(to: str) -> None:
    webinar = make_webinar(state="lobby")
    make_agenda(webinar, "Sound check")
    host, question = make_person(webinar, "Host", "host"), make_question(webinar)
    with deed(webinar.pk, by=host) as done:
        next_agenda_item(done)
        floor.open_turn(done, done.question(question.pk))
    with deed(webinar.pk, by=host) as done:
        change_state(done, to)
    webinar.refresh_from_db()
    assert not Turn.objects.filter(webinar=webinar, ended_at=None).exists()
    assert (webinar.agenda_now, webinar.ended_at) == (None, None)

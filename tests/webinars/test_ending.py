"""When the host ends a webinar, nothing in it is live any more."""

import pytest

from tests.factories import make_agenda, make_person, make_question, make_webinar
from webinars.actions import floor
from webinars.actions.deed import deed
from webinars.actions.room import change_state, next_agenda_item
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
    assert question.floor == Floor.NEXT
    assert webinar.agenda_now is None
    assert AgendaItem.objects.get(webinar=webinar, started_at__isnull=False).ended_at
    assert [line.state for line in agenda_of(webinar)] == ["past", "coming"]

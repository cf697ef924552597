"""The floor: a question that is answered waits for nothing any more."""

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor
from webinars.actions.deed import deed
from webinars.models import Question, Webinar

pytestmark = pytest.mark.django_db


def test_a_written_gist_takes_a_question_out_of_what_is_next() -> None:
    webinar = make_webinar()
    desk, question = make_person(webinar, "M", "moderator"), make_question(webinar)
    with deed(webinar.pk, by=desk) as done:
        floor.put_next(done, done.question(question.pk))
    with deed(webinar.pk, by=desk) as done:
        floor.write_gist(done, done.question(question.pk), gist="About 25 euros a person.", language="en")
    question = Question.objects.get()
    assert (question.floor, question.next_rank) == ("done", None)


def test_a_gist_written_while_it_is_on_the_floor_leaves_it_there() -> None:
    webinar = make_webinar()
    desk, question = make_person(webinar, "M", "moderator"), make_question(webinar)
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(question.pk))
    with deed(webinar.pk, by=desk) as done:
        floor.write_gist(done, done.question(question.pk), gist="About 25 euros a person.", language="en")
    assert Question.objects.get().floor == "in_turn"
    assert Webinar.objects.get().turns.filter(ended_at=None).exists()

"""The floor: what is answered waits for nothing any more, and of two who press at once one is told so."""

from typing import Any

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor, questions
from webinars.actions.deed import Refused, deed
from webinars.models import Question, Turn, Webinar

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


def test_of_two_who_press_at_once_the_second_does_not_close_the_next_turn() -> None:
    webinar = make_webinar()
    first, second = make_person(webinar, "M", "moderator"), make_person(webinar, "N", "moderator")
    one, other = make_question(webinar, "Who taught?"), make_question(webinar, "Who paid?")
    with deed(webinar.pk, by=first) as done:
        floor.open_turn(done, done.question(one.pk))
    seen = Turn.objects.get(ended_at=None).pk
    with deed(webinar.pk, by=first) as done:
        floor.close_turn(done, turn=seen)
    with deed(webinar.pk, by=first) as done:
        floor.open_turn(done, done.question(other.pk))
    for press in (floor.close_turn, floor.interrupt_turn):
        with pytest.raises(Refused, match="turn_over"), deed(webinar.pk, by=second) as done:
            press(done, turn=seen)
    with pytest.raises(Refused, match="turn_over"), deed(webinar.pk, by=second) as done:
        floor.open_turn(done, done.question(make_question(webinar).pk), add=True, turn=seen)
    assert list(Turn.objects.get(ended_at=None).questions.all()) == [other]
    with deed(webinar.pk, by=second) as done:
        assert floor.close_turn(done, turn=Turn.objects.get(ended_at=None).pk) is not None
    with pytest.raises(Refused, match="turn_over"), deed(webinar.pk, by=second) as done:
        floor.close_turn(done, turn=seen)
    with deed(webinar.pk, by=second) as done:
        assert floor.close_turn(done) is None  # who names none is told that there is nothing


@pytest.mark.parametrize("decide", [questions.publish_question, questions.return_question])
def test_a_press_on_what_another_moderator_decided_meanwhile_is_refused(decide: Any) -> None:
    webinar = make_webinar()
    first, second = make_person(webinar, "M", "moderator"), make_person(webinar, "N", "moderator")
    question = make_question(webinar, visibility="submitted")
    more = {} if decide is questions.publish_question else {"reason": "unclear"}
    with deed(webinar.pk, by=first) as done:
        questions.decline_question(done, done.question(question.pk), reason="off_topic", was="submitted")
    with pytest.raises(Refused, match="changed"), deed(webinar.pk, by=second) as done:
        decide(done, done.question(question.pk), was="submitted", **more)
    question.refresh_from_db()
    assert (question.visibility, question.reason) == ("declined", "off_topic")
    with deed(webinar.pk, by=second) as done:  # who saw it declined may change that
        questions.publish_question(done, done.question(question.pk), was="declined")
    question.refresh_from_db()
    assert question.visibility == "published"

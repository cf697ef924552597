"""Taking back what was pressed: never at the cost of what somebody else did meanwhile."""

import pytest
from django.test import Client

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions import floor, questions
from webinars.actions.deed import Refused, deed
from webinars.actions.undo import undo_act
from webinars.live import changes, reading
from webinars.live.protocol import Command
from webinars.live.writer import Order, write
from webinars.models import Participant, Question, Turn

pytestmark = pytest.mark.django_db


def test_a_turn_that_another_question_joined_is_not_taken_away_from_under_it() -> None:
    webinar = make_webinar()
    host, moderator = make_person(webinar, "H", "host"), make_person(webinar, "M", "moderator")
    first, second = make_question(webinar), make_question(webinar)
    with deed(webinar.pk, by=host) as done:
        opened = floor.open_turn(done, done.question(first.pk))
    with deed(webinar.pk, by=moderator) as done:
        floor.open_turn(done, done.question(second.pk), add=True)
    assert opened is not None
    with pytest.raises(Refused, match="too_late"), deed(webinar.pk, by=host) as done:
        undo_act(done, opened.pk)
    assert list(Turn.objects.get(ended_at=None).questions.order_by("pk")) == [first, second]


def test_what_was_done_in_the_same_batch_after_it_counts_as_done_since() -> None:
    webinar = make_webinar()
    host, moderator = make_person(webinar, "H", "host"), make_person(webinar, "M", "moderator")
    question = make_question(webinar, visibility="submitted")

    def order(person: Participant, do: str) -> Order:
        return Order(Command(do, {"question": question.pk}), webinar.pk, person.pk, session_of(person), print)

    published, lined_up = write([order(host, "publish"), order(moderator, "next")])
    assert "ok" in lined_up
    with pytest.raises(Refused, match="too_late"), deed(webinar.pk, by=host) as done:
        undo_act(done, published["ok"]["act"])
    question.refresh_from_db()
    assert (question.visibility, question.floor) == ("published", "next")


def test_a_question_published_again_after_an_undo_has_its_place_in_the_list() -> None:
    webinar = make_webinar()
    host = make_person(webinar, "H", "host")
    older, again = make_question(webinar), make_question(webinar, visibility="submitted")
    with deed(webinar.pk, by=host) as done:
        act = questions.publish_question(done, done.question(again.pk))
    assert act is not None
    with deed(webinar.pk, by=host) as done:
        undo_act(done, act.pk)
    assert Question.objects.get(pk=again.pk).visibility == "submitted"
    with deed(webinar.pk, by=host) as done:
        questions.publish_question(done, done.question(again.pk))
    assert Question.objects.get(pk=again.pk).published_at is not None
    room = reading.load(webinar.pk)
    assert room is not None
    assert changes.Window("everyone").snapshot(room)["order"] == [older.pk, again.pk]
    browser = Client()
    browser.cookies["sessionid"] = session_of(make_person(webinar))
    there = f"/en/webinars/{webinar.pk}-x/questions/"
    for after in (again.pk, older.pk):
        assert browser.get(there, {"after": after}).status_code == 200
    assert browser.get(there, {"after": "9" * 5000}).status_code == 404

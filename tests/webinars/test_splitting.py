"""A question that asks two things becomes two, and its asker knows it."""

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.actions import floor, questions, splitting
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.undo import undo_act
from webinars.live import reading
from webinars.models import Act, Participant, Question, Webinar

pytestmark = pytest.mark.django_db
ASKED = "Who paid, and how long did it take?"


def split(webinar: Webinar, by: Participant, question: Question) -> Act:
    with deed(webinar.pk, by=by) as done:
        return splitting.split_question(
            done, done.question(question.pk), text="Who paid?", second="How long did it take?"
        )


def test_both_halves_are_the_askers_and_the_votes_stay_with_the_first() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked = make_question(webinar, ASKED, votes=3)
    act = split(webinar, desk, asked)
    first, second = Question.objects.order_by("pk")
    assert (first.text, first.votes, first.text_before) == ("Who paid?", 3, ASKED)
    assert (second.text, second.votes, second.participant) == ("How long did it take?", 0, asked.participant)
    assert (second.visibility, second.published_at) == ("published", first.published_at)
    assert act.before["questions"][first.pk]["text"] == ASKED
    room = reading.load(webinar.pk)
    assert room is not None
    assert [own["before_split"] for own in room.mine(asked.participant_id)] == [ASKED, ASKED]
    assert ASKED not in str([row.everyone for row in room.rows.values()])


def test_it_can_be_taken_back_and_nothing_of_the_second_stays() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked = make_question(webinar, ASKED, visibility="submitted")
    act = split(webinar, desk, asked)
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    first, second = Question.objects.order_by("pk")
    assert (first.text, first.text_before, first.split_with_id) == (ASKED, "", None)
    assert (second.visibility, second.text, second.text_before) == ("withdrawn", "", "")


def test_what_is_on_the_floor_answered_or_ones_own_is_not_split() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked, own = make_question(webinar, ASKED), make_question(webinar, ASKED, participant=desk)
    declined = make_question(webinar, ASKED, visibility="declined")
    with pytest.raises(Refused, match="own_question"):
        split(webinar, desk, own)
    with pytest.raises(Refused, match="changed"):
        split(webinar, desk, declined)
    with deed(webinar.pk, by=desk) as done:
        floor.open_turn(done, done.question(asked.pk))
    with pytest.raises(Refused, match="on_floor"):
        split(webinar, desk, asked)
    other = make_question(webinar, ASKED)
    with pytest.raises(Refused, match="empty"), deed(webinar.pk, by=desk) as done:
        splitting.split_question(done, done.question(other.pk), text="Who paid?", second="  ")


def test_erasing_the_asker_leaves_neither_half_nor_the_words_before() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked = make_question(webinar, ASKED)
    split(webinar, desk, asked)
    forget_guest(asked.participant, blank_words=True)
    assert set(Question.objects.values_list("text", "text_before", "visibility")) == {("", "", "withdrawn")}
    assert ASKED not in str(list(Act.objects.values_list("before", "note")))


def test_what_was_written_anew_is_shown_beside_what_it_was_and_to_the_desk_alone() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    asked = make_question(webinar, "Who payed the trainers?", visibility="submitted")
    with deed(webinar.pk, by=desk) as done:
        questions.return_question(done, done.question(asked.pk), reason="unclear")
    with deed(webinar.pk, by=asked.participant) as done:
        questions.rewrite_question(done, done.question(asked.pk), text="Who paid the rural trainers?")
    room = reading.load(webinar.pk)
    assert room is not None
    row = room.rows[asked.pk]
    assert row.desk["diff"] == [
        ["=", "Who "], ["-", "payed"], ["+", "paid"], ["=", " the "], ["+", "rural "], ["=", "trainers?"],
    ]  # fmt: skip
    assert "diff" not in row.staff
    with deed(webinar.pk, by=desk) as done:
        questions.publish_question(done, done.question(asked.pk))
    room = reading.load(webinar.pk)
    assert room is not None
    assert "payed" not in str(room.rows[asked.pk])

"""Turns with several questions and speakers, interrupted and gone on with; and what every screen says of them."""

import pytest

from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_seats import browser_of
from webinars.actions import floor, turns, undo
from webinars.actions.deed import Refused, deed
from webinars.actions.room import change_state
from webinars.addresses import address
from webinars.live import reading
from webinars.models import Participant, Question, Turn, Webinar

pytestmark = pytest.mark.django_db


class Hall:
    """A live webinar with a host, two speakers and three questions."""

    def __init__(self) -> None:
        self.webinar = make_webinar()
        self.host = make_person(self.webinar, "Host", "host")
        self.oyun = make_person(self.webinar, "Oyun", "speaker", country="MN")
        self.jaan = make_person(self.webinar, "Jaan", "speaker", country="EE")
        self.questions = [make_question(self.webinar, f"Number {n}?") for n in range(3)]

    def do(self, action: object, *args: object, **facts: object) -> object:
        with deed(self.webinar.pk, by=self.host) as done:
            return action(done, *args, **facts)  # type: ignore[operator]

    def open(self, *questions: Question) -> Turn:
        for number, question in enumerate(questions):
            question.refresh_from_db()
            self.do(floor.open_turn, question, add=number > 0)
        return Turn.objects.get(webinar=self.webinar, ended_at=None)

    @property
    def header(self) -> dict[str, object]:
        return reading.header_of(Webinar.objects.get(pk=self.webinar.pk))


def floors(*questions: Question) -> list[str]:
    return [Question.objects.get(pk=question.pk).floor for question in questions]


def test_several_speakers_answer_several_questions_and_each_answer_names_them() -> None:
    hall = Hall()
    first, second, _ = hall.questions
    hall.open(first, second)
    hall.do(turns.set_speakers, speakers=[hall.oyun.pk, hall.jaan.pk])
    told = hall.header["floor"]
    assert isinstance(told, dict)
    assert {one["name"] for one in told["speakers"]} == {"Oyun", "Jaan"}
    assert told["questions"] == [first.pk, second.pk]
    hall.do(floor.close_turn, gist="Half.", language="en")
    room = reading.load(hall.webinar.pk)
    assert room is not None
    for question in (first, second):
        row = room.rows[question.pk].everyone
        assert row is not None
        [answer] = row["answers"]
        assert {answer["speaker"]["name"], *(one["name"] for one in answer["with"])} == {"Oyun", "Jaan"}


def test_every_screen_says_who_answers() -> None:
    hall = Hall()
    hall.open(hall.questions[0])
    hall.do(turns.set_speakers, speakers=[hall.oyun.pk, hall.jaan.pk])
    for person, page in (
        (make_person(hall.webinar), "room"),
        (make_person(hall.webinar), "text_room"),
        (make_person(hall.webinar), "projector"),
        (hall.jaan, "prompter"),
        (hall.host, "console"),
    ):
        read = browser_of(person).get(address(hall.webinar, page)).content.decode()
        assert "Oyun, Jaan" in read or page == "console"
        assert "Oyun" in read
        assert "Jaan" in read


def test_only_speakers_of_this_webinar_speak() -> None:
    hall = Hall()
    hall.open(hall.questions[0])
    others = [make_person(hall.webinar), make_person(make_webinar(), "", "speaker")]
    for stranger in others:
        with pytest.raises(Refused, match="not_found"):
            hall.do(turns.set_speakers, speakers=[hall.oyun.pk, stranger.pk])
    with pytest.raises(Refused, match="turn_over"):
        hall.do(turns.set_speakers, speakers=[hall.oyun.pk], turn=10**6)
    assert not Turn.objects.get(webinar=hall.webinar).speakers.exists()


def test_whoever_is_to_answer_speaks_and_else_whoever_was_asked() -> None:
    hall = Hall()
    asked = make_question(hall.webinar, addressed_to=hall.oyun)
    assigned = make_question(hall.webinar, addressed_to=hall.oyun, assigned_to=hall.jaan)
    of_country = make_question(hall.webinar, addressed_country="MN")
    for question, who in ((asked, hall.oyun), (assigned, hall.jaan), (of_country, hall.oyun)):
        turn = hall.open(question)
        assert list(turn.speakers.all()) == [who]
        hall.do(floor.close_turn)


def test_an_interrupted_turn_is_gone_on_with_by_a_new_one_that_names_it() -> None:
    hall = Hall()
    first, second, third = hall.questions
    old = hall.open(first, second)
    hall.do(turns.set_speakers, speakers=[hall.oyun.pk])
    hall.do(floor.interrupt_turn)
    assert floors(first, second) == ["next", "next"]
    assert hall.header["paused"] == [{"turn": old.pk, "questions": [first.pk, second.pk]}]
    hall.open(third)  # something urgent in between
    with pytest.raises(Refused, match="floor_taken"):
        hall.do(turns.resume_turn, turn=old.pk)
    hall.do(floor.close_turn)
    hall.do(turns.resume_turn, turn=old.pk)
    new = Turn.objects.get(webinar=hall.webinar, ended_at=None)
    assert new.resumes == old
    assert [place.question for place in new.places.all()] == [first, second]
    assert list(new.speakers.all()) == [hall.oyun]
    assert floors(first, second) == ["in_turn", "in_turn"]
    assert hall.header["paused"] == []
    with pytest.raises(Refused, match="floor_taken"):
        hall.do(turns.resume_turn, turn=old.pk)
    hall.do(floor.close_turn)
    with pytest.raises(Refused, match="changed"):
        hall.do(turns.resume_turn, turn=old.pk)  # once is enough


def test_only_what_is_next_still_comes_back_onto_the_floor() -> None:
    hall = Hall()
    first, second, _ = hall.questions
    old = hall.open(first, second)
    hall.do(floor.interrupt_turn)
    first.refresh_from_db()
    hall.do(floor.take_off_next, first)
    hall.do(turns.resume_turn, turn=old.pk)
    assert floors(first, second) == ["waiting", "in_turn"]
    hall.do(floor.interrupt_turn)
    again = Turn.objects.get(webinar=hall.webinar, resumes=old)
    second.refresh_from_db()
    hall.do(floor.take_off_next, second)
    with pytest.raises(Refused, match="changed"):
        hall.do(turns.resume_turn, turn=again.pk)
    assert not Turn.objects.filter(webinar=hall.webinar, ended_at=None).exists()


def test_going_on_can_be_taken_back() -> None:
    hall = Hall()
    first, _, _ = hall.questions
    old = hall.open(first)
    hall.do(floor.interrupt_turn)
    act = hall.do(turns.resume_turn, turn=old.pk)
    hall.do(undo.undo_act, act.pk)  # type: ignore[attr-defined]
    assert floors(first) == ["next"]
    assert [one["turn"] for one in hall.header["paused"]] == [old.pk]  # type: ignore[attr-defined]


def test_the_console_offers_to_go_on_as_long_as_a_question_of_it_is_next() -> None:
    hall = Hall()
    first, _, _ = hall.questions
    hall.open(first)
    hall.do(floor.interrupt_turn)
    browser = browser_of(hall.host)
    there = address(hall.webinar, "console")
    page = browser.get(there).content.decode()
    assert page.count('value="resume"') == 2  # the offer, and the mould for the script
    old = Turn.objects.get(webinar=hall.webinar)
    assert browser.post(address(hall.webinar, "do"), {"do": "resume", "turn": old.pk}).status_code == 200
    assert browser.get(there).content.decode().count('value="resume"') == 1


def test_the_end_interrupts_and_nothing_is_gone_on_with_until_the_host_goes_on() -> None:
    hall = Hall()
    old = hall.open(hall.questions[0])
    hall.do(change_state, "ended")
    with pytest.raises(Refused, match="closed"):
        hall.do(turns.resume_turn, turn=old.pk)
    hall.do(change_state, "wrap_up")
    hall.do(turns.resume_turn, turn=old.pk)
    assert floors(hall.questions[0]) == ["in_turn"]


def test_nobody_but_the_desk_changes_who_speaks() -> None:
    hall = Hall()
    turn = hall.open(hall.questions[0])
    people: list[Participant] = [
        hall.oyun,
        make_person(hall.webinar),
        make_person(hall.webinar, "", "language_desk"),
    ]
    for person in people:
        answer = browser_of(person).post(
            address(hall.webinar, "do"), {"do": "speakers", "turn": turn.pk, "speakers": [hall.oyun.pk]}
        )
        assert answer.json()["error"] == "forbidden"
    assert not turn.speakers.exists()

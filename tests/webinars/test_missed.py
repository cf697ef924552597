"""What happened while somebody was away: from the times of answers and notices, and only what they may read."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.names import Names
from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_room_page import address, client_of, text_of
from webinars.missed import missed_by, missed_since
from webinars.models import Answer, AnswerKind, Attendance, Notice, Participant, Question, Rendition, Webinar

pytestmark = pytest.mark.django_db


def ago(minutes: float) -> datetime:
    return timezone.now() - timedelta(minutes=minutes)


def was_here(person: Participant, until: float) -> None:
    """Until so many minutes ago."""
    Attendance.objects.create(participant=person, arrived_at=ago(until + 30), left_at=ago(until))


def answered(webinar: Webinar, text: str, gist: str, minutes: float, **facts: str) -> Question:
    question = make_question(webinar, text, floor="done", **facts)
    Answer.objects.create(question=question, gist=gist, language="en", given_at=ago(minutes))
    return question


def notice(webinar: Webinar, text: str, minutes: float, to: str = "everybody", **facts: datetime) -> Notice:
    return Notice.objects.create(webinar=webinar, text=Names.of("en", text), to=to, at=ago(minutes), **facts)


@pytest.mark.parametrize("page", ["room", "room/text", "missed"])
def test_who_comes_back_is_told_what_was_answered_with_its_gist(page: str) -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    was_here(person, until=10)
    answered(webinar, "Who paid?", "The banks did.", 5)
    answered(webinar, "How long?", "Two years.", 3)
    notice(webinar, "We begin again at four.", 4)
    said = text_of(client_of(person).get(address(webinar, page)))
    assert "While you were away:" in said
    assert "<b>2 answers</b>, <b>1 notice</b>" in said
    for words in ("The banks did.", "Two years.", "We begin again at four."):
        assert words in said.split('id="missed"')[1].split("</details>")[0]


@pytest.mark.parametrize("page", ["room", "room/text"])
def test_nobody_is_told_of_what_they_saw_or_when_nothing_happened(page: str) -> None:
    webinar = make_webinar()
    answered(webinar, "Who paid?", "The banks did.", 20)
    new, present, back = make_person(webinar), make_person(webinar), make_person(webinar)
    was_here(present, until=0.5)
    was_here(back, until=10)
    for person in (new, present, back):
        assert 'id="missed"' not in text_of(client_of(person).get(address(webinar, page)))


def test_it_is_told_in_the_readers_language_where_somebody_wrote_it() -> None:
    webinar = make_webinar()
    question = answered(webinar, "Who paid?", "The banks did.", 5)
    told = notice(webinar, "We go on.", 4)
    for target in (
        {"question": question},
        {"question": question, "answer": question.answers.get()},
        {"notice": told},
    ):
        words = {"notice": "Үргэлжлүүлье.", "answer": "Банкууд төлсөн."}.get([*target][-1], "Хэн төлсөн бэ?")
        source = {"notice": "We go on.", "answer": "The banks did."}.get([*target][-1], "Who paid?")
        Rendition.objects.create(
            webinar=webinar, language="mn", text=words, source=source, made_as="host", **target
        )
    person = make_person(webinar, reads=["mn"])
    page = text_of(client_of(person).get(address(webinar, "missed", "mn"), {"since": "1"}))
    for words in ("Үргэлжлүүлье.", "Банкууд төлсөн.", "Хэн төлсөн бэ?"):
        assert words in page
    assert "The banks did." not in page


def test_the_last_interval_counts_not_an_earlier_one() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    was_here(person, until=60)
    was_here(person, until=6)
    answered(webinar, "Early?", "Yes.", 50)
    answered(webinar, "Late?", "Yes.", 5)
    missed = missed_by(webinar, person)
    assert missed is not None
    assert [one.row["text"] for one in missed.answers] == ["Late?"]


def test_hidden_questions_promises_and_notices_taken_back_are_not_told() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    answered(webinar, "Hidden?", "Secret gist.", 5, visibility="hidden")
    promised = make_question(webinar, "Promised?")
    Answer.objects.create(question=promised, kind=AnswerKind.PROMISED, owner="Somebody", given_at=ago(5))
    notice(webinar, "A mistake.", 5, withdrawn_at=ago(4))
    answered(make_webinar("Another"), "Elsewhere?", "Other gist.", 5)
    assert not missed_since(webinar, person, ago(10))
    page = text_of(client_of(person).get(address(webinar, "missed"), {"since": "0"}))
    assert "Secret gist" not in page
    assert "You missed nothing." in page


def test_notices_to_others_are_for_others() -> None:
    webinar = make_webinar()
    notice(webinar, "To the speakers.", 5, to="speakers")
    notice(webinar, "To the staff.", 5, to="staff")
    speaker = make_person(webinar, "Speaker", "attendee", "speaker")
    people = {
        make_person(webinar): [],
        speaker: ["To the speakers."],
        make_person(webinar, "Host", "host"): [],
    }
    for person, expected in people.items():
        assert [one["text"]["en"] for one in missed_since(webinar, person, ago(10)).notices] == expected


@pytest.mark.parametrize("since", ["", "x", "-5", "9" * 14, "9" * 40, "1e9", "٣"])
def test_any_instant_is_answered(since: str) -> None:
    webinar = make_webinar()
    assert (
        client_of(make_person(webinar)).get(address(webinar, "missed"), {"since": since}).status_code == 200
    )


def test_a_stranger_goes_through_the_join_page() -> None:
    webinar = make_webinar()
    response = client_of(None).get(address(webinar, "missed"), {"since": "1"})
    assert (response.status_code, response["Location"]) == (302, address(webinar, "join"))


@pytest.mark.parametrize("way", ["picture", "sound", "text"])
def test_what_was_typed_goes_along_when_the_way_changes_without_a_script(way: str) -> None:
    webinar = make_webinar()
    client = client_of(make_person(webinar))
    there = client.post(address(webinar), {"way": way, "text": "Хэзээ эхлэх вэ?", "do": "ask"})["Location"]
    assert ">Хэзээ эхлэх вэ?</textarea>" in text_of(client.get(there))
    assert not Question.objects.filter(webinar=webinar).exists()  # changing the way asks nothing

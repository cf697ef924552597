"""To whom a question is addressed, who is to answer it, and the desk's notes: each for those it is meant for."""

from uuid import uuid4

import pytest

from tests.factories import make_person, make_question, make_webinar
from tests.webinars.test_prompter import page_of, words_of
from tests.webinars.test_seats import browser_of
from webinars.actions import notes, questions, undo
from webinars.actions.deed import Refused, deed
from webinars.actions.erasing import forget_guest
from webinars.actions.uniting import unite_links
from webinars.addresses import address
from webinars.live import changes, reading
from webinars.models import Act, Participant, Question, StaffNote, Webinar

pytestmark = pytest.mark.django_db
AUDIENCES_WITHOUT_DESK = [name for name in changes.AUDIENCES if name != "desk"]


def ask(person: Participant, **facts: object) -> Question:
    with deed(person.webinar_id, by=person) as done:
        return questions.ask_question(done, client_id=uuid4(), text="How?", language="en", **facts)  # type: ignore[arg-type]


def snapshot(webinar: Webinar, audience: str) -> str:
    room = reading.load(webinar.pk)
    assert room is not None
    return str(changes.Window(audience).snapshot(room))


def test_a_question_is_addressed_to_a_speaker_a_country_or_anybody() -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker, speaker = make_person(webinar), make_person(webinar, "Jaan", "speaker", country="EE")
    make_person(webinar, "Visitor", country="UA")
    to_one, to_all, to_country = (
        ask(asker, addressed_to=speaker.pk),
        ask(asker),
        ask(asker, addressed_to="EE"),
    )
    assert (to_one.addressed_to, to_one.addressed_country) == (speaker, "")
    assert (to_all.addressed_to, to_all.addressed_country) == (None, "")
    assert (to_country.addressed_to, to_country.addressed_country) == (None, "EE")
    for nobody in ("UA", "XX", asker.pk):  # no speaker is from there, or is that person
        with pytest.raises(Refused, match="not_found"):
            ask(asker, addressed_to=nobody)


def test_a_form_without_a_script_addresses_a_country() -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    make_person(webinar, "Jaan", "speaker", country="EE")
    browser = browser_of(make_person(webinar))
    page = browser.get(address(webinar, "room")).content.decode()
    assert '<option value="EE">Estonia</option>' in page
    said = {"do": "ask", "client_id": uuid4(), "text": "How?", "language": "en", "addressed_to": "EE"}
    assert browser.post(address(webinar, "do"), said).status_code == 200
    assert Question.objects.get(webinar=webinar).addressed_country == "EE"
    assert "to Estonia" in browser.get(address(webinar, "room")).content.decode()
    wrong = browser.post(address(webinar, "do"), said | {"client_id": uuid4(), "addressed_to": "ee"})
    assert wrong.json()["error"] == "malformed"


def test_every_speaker_of_the_country_has_it_on_the_prompter() -> None:
    webinar = make_webinar()
    estonians = [make_person(webinar, name, "speaker", country="EE") for name in ("Jaan", "Mari")]
    oyun = make_person(webinar, "Oyun", "speaker", country="MN")
    make_question(webinar, "For Estonia?", addressed_country="EE")
    for one in estonians:
        assert "For Estonia?" in words_of(page_of(one), "mine")
    assert "For Estonia?" not in words_of(page_of(oyun), "mine")


def test_who_is_to_answer_sees_it_and_whoever_was_asked_first_does_not_any_more() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "Desk", "moderator")
    jaan, oyun = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Oyun", "speaker")
    question = make_question(webinar, "For Jaan?", addressed_to=jaan)
    with deed(webinar.pk, by=desk) as done:
        notes.assign_question(done, done.question(question.pk), speaker=oyun.pk)
    assert "For Jaan?" in words_of(page_of(oyun), "mine")
    assert "For Jaan?" not in words_of(page_of(jaan), "mine")
    question.refresh_from_db()
    assert question.addressed_to == jaan  # the asker's own word stays
    assert "'assigned'" not in snapshot(webinar, "everyone")
    assert "'assigned'" in snapshot(webinar, "speakers")


def test_assigning_is_absolute_undoable_and_for_speakers_alone() -> None:
    webinar = make_webinar()
    desk, jaan = make_person(webinar, "Desk", "moderator"), make_person(webinar, "Jaan", "speaker")
    question = make_question(webinar)

    def assign(speaker: int | None) -> Act | None:
        with deed(webinar.pk, by=desk) as done:
            return notes.assign_question(done, done.question(question.pk), speaker=speaker)

    act = assign(jaan.pk)
    assert act is not None
    assert assign(jaan.pk) is None
    with pytest.raises(Refused, match="not_found"):
        assign(make_person(webinar).pk)
    with deed(webinar.pk, by=desk) as done:
        undo.undo_act(done, act.pk)
    question.refresh_from_db()
    assert question.assigned_to is None
    assign(jaan.pk)
    assign(None)
    question.refresh_from_db()
    assert question.assigned_to is None


def test_notes_are_for_moderators_and_hosts_and_reach_nobody_else() -> None:
    webinar = make_webinar(speakers_see_pending=True)
    asker = make_person(webinar)
    people = [
        make_person(webinar, "", role) for role in ("speaker", "language_desk", "captioner", "attendee")
    ]
    first, second = make_person(webinar, "Moderator", "moderator"), make_person(webinar, "Host", "host")
    for stands in ("published", "submitted"):
        question = make_question(webinar, participant=asker, visibility=stands)
        for person, words in ((first, "Known troublemaker."), (second, "Ask the ministry first.")):
            with deed(webinar.pk, by=person) as done:
                notes.add_note(done, done.question(question.pk), text=words)
    assert StaffNote.objects.count() == 4
    for name in AUDIENCES_WITHOUT_DESK:
        assert "troublemaker" not in snapshot(webinar, name)
        assert "ministry" not in snapshot(webinar, name)
    for person in (asker, *people):
        browser = browser_of(person)
        for page in ("changes", "room", "text_room", "prompter", "projector", "webinar"):
            told = browser.get(address(webinar, page)).content.decode()
            assert "troublemaker" not in told, (person.roles, page)
        answer = browser.post(address(webinar, "do"), {"do": "note", "question": question.pk, "text": "No."})
        assert answer.json()["error"] == "forbidden"
    # The leak could have happened: those it is for read it, with who wrote it.
    for person in (first, second):
        page = browser_of(person).get(address(webinar, "console")).content.decode()
        assert "Known troublemaker." in page
        assert "Ask the ministry first." in page
        row = reading.page(webinar.pk, "desk", None)
        assert row is not None
        by = {note["by"] for one in row[0]["questions"] for note in one["notes"]}
        assert by == {"Moderator", "Host"}


def test_a_note_is_taken_back_and_bad_ones_are_refused() -> None:
    webinar, question = (webinar := make_webinar()), make_question(webinar)
    desk = make_person(webinar, "Desk", "moderator")
    with deed(webinar.pk, by=desk) as done:
        act = notes.add_note(done, done.question(question.pk), text="Wrong question.")
    with deed(webinar.pk, by=desk) as done:
        undo.undo_act(done, act.pk)
    assert "Wrong question." not in snapshot(webinar, "desk")
    for text, why in (("  ", "empty"), ("x" * 501, "too_long")):
        with pytest.raises(Refused, match=why), deed(webinar.pk, by=desk) as done:
            notes.add_note(done, done.question(question.pk), text=text)


def test_what_was_noted_about_somebody_goes_when_they_are_erased() -> None:
    webinar = make_webinar()
    desk, guest = make_person(webinar, "Desk", "moderator"), make_person(webinar)
    question = make_question(webinar, participant=guest)
    with deed(webinar.pk, by=desk) as done:
        notes.add_note(done, done.question(question.pk), text="Known troublemaker.")
    forget_guest(guest, blank_words=False)
    assert not StaffNote.objects.exists()
    assert Question.objects.filter(pk=question.pk).exists()


def test_an_erased_speaker_answers_nothing_and_a_united_one_everything_still() -> None:
    webinar = make_webinar()
    guest, known = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Jaan", "speaker")
    question = make_question(webinar, assigned_to=guest)
    unite_links(guest, known)
    question.refresh_from_db()
    assert question.assigned_to == known
    forget_guest(known, blank_words=False)
    question.refresh_from_db()
    assert question.assigned_to is None

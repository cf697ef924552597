"""A rehearsal is a sandbox: its audience does what people do, and nothing of it reaches anything real."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import give_role
from accounts.models import User
from config import jobs
from config.models import Job
from knowledge.models import Guide, SearchEntry
from tests.factories import make_agenda, make_person, make_question, make_user, make_webinar
from tests.site import Site
from webinars import made_up, search
from webinars.actions import floor, people, questions, room
from webinars.actions.deed import Refused, deed
from webinars.actions.events import edit_webinar
from webinars.actions.lessons import draft_lesson
from webinars.actions.letters import letter_later
from webinars.actions.rehearsals import delete_rehearsal, make_rehearsal, start_audience, stop_audience
from webinars.addresses import address
from webinars.models import Entry, MadeUpAudience, Participant, Question, Role, State, Vote, Webinar

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> User:
    return make_user("Host", email="host@example.org", password="a long enough one", is_staff=False)


@pytest.fixture
def real(host: User) -> Webinar:
    """A webinar with everything in it that a copy could carry over by mistake."""
    webinar = make_webinar("The real one", publishes_at_once="everybody")
    make_person(webinar, "Host", "host", user=host, email="host@example.org")
    make_person(webinar, "Speaker, Estonia", "speaker", email="speaker@example.org", country="EE")
    make_person(webinar, "Ministry guest", email="guest@example.org")
    make_agenda(webinar, "Opening", "Questions")
    make_question(webinar, "A real question?")
    return webinar


def everything(webinar: Webinar) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to this webinar, in all tables."""
    rows: dict[str, list[dict[str, Any]]] = {"webinar": list(Webinar.objects.filter(pk=webinar.pk).values())}
    for model in apps.get_app_config("webinars").get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Webinar and field.name != "rehearsal_of":
                found = model._default_manager.filter(**{field.name: webinar.pk}).order_by("pk")
                rows[model.__name__] = list(found.values())
    return rows


def crowd(sandbox: Webinar, host: User, **facts: Any) -> made_up.Audience:
    seat = Participant.objects.get(webinar=sandbox, user=host)
    wanted = {"people": 12, "questions": 30, "votes": 300, "languages": ["mn", "et"]} | facts
    with deed(sandbox.pk, by=seat) as done:
        start_audience(done, **wanted)
    audience = made_up.Audience(sandbox.pk, seed=1)
    audience.examples = made_up.examples_in(wanted["languages"])
    return audience


def live(audience: made_up.Audience, seconds: int) -> None:
    """As its thread would, without the waiting."""
    row = MadeUpAudience.objects.get(webinar=audience.webinar)
    for _ in range(seconds):
        audience.live(row, 1.0)


def test_the_copy_has_agenda_and_names_and_nothing_that_was_asked(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    assert str(sandbox.title) == "Rehearsal: The real one"
    assert sandbox.is_rehearsal
    assert sandbox.state == State.LOBBY
    assert [str(item.title) for item in sandbox.agenda.all()] == ["Opening", "Questions"]
    assert not Question.objects.filter(webinar=sandbox).exists()
    here = Participant.objects.filter(webinar=sandbox)
    assert sorted(here.values_list("name", flat=True)) == ["Host", "Speaker, Estonia"]
    assert set(here.values_list("email", flat=True)) == {""}


def test_a_whole_rehearsal_changes_no_row_of_the_real_webinar(real: Webinar, host: User) -> None:
    before = everything(real)
    assert all(before[name] for name in ("Question", "Participant", "AgendaItem"))
    sandbox = make_rehearsal(real, by=host)
    with deed(sandbox.pk, by=Participant.objects.get(webinar=sandbox, user=host)) as done:
        room.change_state(done, State.LIVE)
        room.change_settings(done, queue_open=True)
    live(crowd(sandbox, host), 120)
    assert Question.objects.filter(webinar=sandbox).count() > 20
    assert Vote.objects.filter(question__webinar=sandbox).exists()
    assert sandbox.hands.exists()
    jobs.work_due()
    assert everything(real) == before
    with deed(sandbox.pk, by=Participant.objects.get(webinar=sandbox, user=host)) as done:
        delete_rehearsal(done)
    assert everything(real) == before
    assert not Webinar.objects.filter(pk=sandbox.pk).exists()


def test_no_letter_goes_to_anybody(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    live(crowd(sandbox, host), 60)
    with deed(sandbox.pk, by=Participant.objects.get(webinar=sandbox, user=host)) as done:
        invited = people.invite(done, name="Interpreter", roles=[Role.LANGUAGE_DESK], email="i@example.org")
    letter_later(invited.pk, "invited")
    letter_later(make_person(real, "Real", email="real@example.org", invited_at=timezone.now()).pk, "invited")
    jobs.work_due()
    assert [letter.to for letter in mail.outbox] == [
        ["real@example.org"]
    ]  # letters do go out, from the real one


def test_what_is_answered_in_it_is_found_by_nobody(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    Webinar.objects.filter(pk=sandbox.pk).update(state=State.LIVE)
    for webinar, by in ((sandbox, seat), (real, Participant.objects.get(webinar=real, user=host))):
        asked = make_question(webinar, "Who paid for the teachers?")
        with deed(webinar.pk, by=by) as done:
            floor.open_turn(done, done.question(asked.pk))
            floor.close_turn(done, gist="The telecoms did.", language="en")
    jobs.work_due()
    assert not Job.objects.filter(kind__startswith="webinars.index").exists()
    found = SearchEntry.objects.filter(content_type="question").values_list("object_id", flat=True)
    assert list(found.distinct()) == [
        Question.objects.get(webinar=real, text="Who paid for the teachers?").pk
    ]
    kept = {key for key, _ in search.everything()}
    assert kept
    assert not kept & {search.key_of(question.pk) for question in Question.objects.filter(webinar=sandbox)}


def test_no_list_and_no_stranger_finds_it(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    Webinar.objects.filter(pk=sandbox.pk).update(state=State.LIVE)
    stranger = make_user("Stranger", email="s@example.org", password="a long enough one")
    guest, signed_in = Client(), Client()
    signed_in.force_login(stranger)
    for client in (guest, signed_in):
        for name in ("webinars:home", "webinars:programme", "webinars:code"):
            assert b"Rehearsal" not in client.get(reverse(name)).content
        there = address(sandbox)
        for tail in (
            "",
            "room/",
            "room/text/",
            "join/",
            "attend/",
            "calendar.ics",
            "console/",
            "projector/",
            "rehearsal/",
        ):
            assert client.get(there + tail).status_code in (403, 404), tail
    mine = Client()
    mine.force_login(host)
    assert mine.get(address(sandbox, "console")).status_code == 200
    assert b"Rehearsal: The real one" in mine.get(reverse("webinars:mine")).content
    assert b"Rehearsal" not in mine.get(reverse("webinars:programme")).content


def test_it_never_opens_to_others_nor_leaves_an_archive(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    with deed(sandbox.pk, by=seat) as done:
        edit_webinar(done, entry=Entry.ANYONE)
    sandbox.refresh_from_db()
    assert sandbox.entry == Entry.INVITED
    assert not sandbox.is_open_hall
    for to in (State.LIVE, State.ENDED):
        with deed(sandbox.pk, by=seat) as done:
            room.change_state(done, to)
    with deed(sandbox.pk, by=seat) as done, pytest.raises(Refused, match="changed"):
        room.change_state(done, State.PUBLISHED)
    sandbox.refresh_from_db()
    assert not sandbox.is_open_book
    assert sandbox not in Webinar.objects.open_books()


def test_nobody_makes_a_lesson_of_what_was_made_up(real: Webinar, host: User) -> None:
    give_role(host, "expert")
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    Webinar.objects.filter(pk=sandbox.pk).update(state=State.LIVE)
    asked = make_question(sandbox, "Made up?")
    with deed(sandbox.pk, by=seat) as done:
        floor.open_turn(done, done.question(asked.pk))
        floor.close_turn(done, gist="Yes.", language="en")
    with deed(sandbox.pk, by=seat, user=host) as done, pytest.raises(Refused, match="forbidden"):
        draft_lesson(done, asked.pk, user=host, language="en")
    assert not Guide.objects.exists()


def test_they_ask_the_products_own_examples_in_the_chosen_languages(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    live(crowd(sandbox, host, languages=["mn"]), 90)
    asked = Question.objects.filter(webinar=sandbox)
    assert set(asked.values_list("language", flat=True)) == {"mn"}
    examples = {words for _, words in made_up.examples_in(["mn"])}
    assert set(asked.values_list("text", flat=True)) <= examples
    assert all(name.startswith("Example ") for name in asked.values_list("participant__name", flat=True))


def test_the_desk_rules_over_them_as_over_anybody(real: Webinar, host: User) -> None:
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    audience = crowd(sandbox, host, votes=0)
    live(audience, 30)
    with deed(sandbox.pk, by=seat) as done:
        room.change_settings(done, questions_open=False)
    before = Question.objects.filter(webinar=sandbox).count()
    live(audience, 30)
    assert Question.objects.filter(webinar=sandbox).count() == before
    with deed(sandbox.pk, by=seat) as done:
        questions.hide_question(done, done.question(Question.objects.filter(webinar=sandbox)[0].pk))


def test_it_ends_after_an_hour_at_most_when_stopped_and_when_the_room_closes(
    real: Webinar, host: User
) -> None:
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    crowd(sandbox, host, minutes=600)
    row = MadeUpAudience.objects.get(webinar=sandbox)
    assert row.ends_at is not None
    assert row.ends_at <= timezone.now() + timedelta(minutes=60)
    assert list(MadeUpAudience.objects.due()) == [row]
    assert not MadeUpAudience.objects.due(timezone.now() + timedelta(minutes=61)).exists()
    with deed(sandbox.pk, by=seat) as done:
        stop_audience(done)
    assert not MadeUpAudience.objects.due().exists()
    crowd(sandbox, host)
    for to in (State.LIVE, State.ENDED):
        with deed(sandbox.pk, by=seat) as done:
            room.change_state(done, to)
    assert not MadeUpAudience.objects.due().exists()


def test_a_real_webinar_takes_no_made_up_audience_and_is_not_deleted_by_it(real: Webinar, host: User) -> None:
    seat = Participant.objects.get(webinar=real, user=host)
    for press in (
        lambda done: start_audience(done, people=5, questions=1, votes=1),
        stop_audience,
        delete_rehearsal,
    ):
        with deed(real.pk, by=seat) as done, pytest.raises(Refused, match="changed"):
            press(done)
    assert not MadeUpAudience.objects.exists()
    assert Webinar.objects.filter(pk=real.pk).exists()


def test_only_a_host_rehearses(real: Webinar, host: User) -> None:
    moderator = make_user("Moderator", email="m@example.org", password="a long enough one")
    make_person(real, "Moderator", "moderator", user=moderator)
    sandbox = make_rehearsal(real, by=host)
    client = Client()
    client.force_login(moderator)
    assert client.get(address(real, "rehearsal")).status_code == 403
    assert client.post(address(real, "rehearsal"), {"do": "make"}).status_code == 403
    # In the sandbox they sit as they do in the real one, and end nothing of it.
    assert client.get(address(sandbox, "console")).status_code == 200
    assert client.post(address(sandbox, "rehearsal"), {"do": "delete"}).status_code == 403
    assert Webinar.objects.filter(pk=sandbox.pk).exists()


def test_the_pages_make_start_stop_and_delete(real: Webinar, host: User) -> None:
    client = Client()
    client.force_login(host)
    made = client.post(address(real, "rehearsal"), {"do": "make"})
    sandbox = Webinar.objects.get(rehearsal_of=real)
    assert made["Location"] == address(sandbox, "console")
    page = address(sandbox, "rehearsal")
    wanted = {
        "do": "start",
        "people": "20",
        "questions": "5",
        "votes": "50",
        "minutes": "10",
        "languages": ["mn"],
    }
    assert client.post(page, wanted).status_code == 302
    row = MadeUpAudience.objects.get(webinar=sandbox)
    assert (row.people, row.questions_a_minute, row.votes_a_minute, row.languages) == (20, 5, 50, ["mn"])
    assert row.is_going()
    assert client.post(page, wanted | {"people": "many"}).status_code == 302
    assert MadeUpAudience.objects.get(webinar=sandbox).people == 20
    client.post(page, {"do": "stop"})
    assert not MadeUpAudience.objects.get(webinar=sandbox).is_going()
    client.post(page, {"do": "delete"})
    assert not Webinar.objects.filter(pk=sandbox.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_the_server_fills_it_and_frames_flow(live_site: Site) -> None:
    host = make_user("Host", email="host@example.org")
    real = make_webinar("The real one", publishes_at_once="everybody")
    make_person(real, "Host", "host", user=host)
    sandbox = make_rehearsal(real, by=host)
    seat = Participant.objects.get(webinar=sandbox, user=host)
    with live_site.socket(seat) as desk:
        desk.until("mine")
        with deed(sandbox.pk, by=seat) as done:
            start_audience(done, people=30, questions=30, votes=600)
        assert desk.until("questions")["questions"][0]["name"].startswith("Example ")
        assert desk.until("votes")
        with deed(sandbox.pk, by=seat) as done:
            delete_rehearsal(done)
        with pytest.raises(Exception, match="4403"):
            desk.hear_all()
    assert not Participant.objects.filter(webinar=real, name__startswith="Example").exists()

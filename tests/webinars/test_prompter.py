"""The prompter's page: what a speaker sees at one glance, how much time is left, and what is not for them."""

import json
import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.names import Names
from tests.factories import make_agenda, make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions import floor, people, room
from webinars.actions.deed import deed
from webinars.addresses import link_of
from webinars.live import changes, reading
from webinars.live.changes import ADDRESSED
from webinars.models import AgendaItem, Participant, State, Webinar
from webinars.views.prompter import until_of
from webinars.views.room_page import agenda

pytestmark = pytest.mark.django_db


def client_of(person: Participant | None) -> Client:
    client = Client()
    if person:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


def page_of(person: Participant, language: str = "en") -> str:
    answer = client_of(person).get(f"/{language}/webinars/{person.webinar_id}-x/prompter/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def words_of(page: str, name: str) -> str:
    """The words in the element of this id, without their tags and without what is hidden."""
    part = re.search(rf'<(\w+)[^>]* id="{name}".*?</\1>', page, re.S)
    assert part is not None, name
    seen = re.sub(r"<(\w+)[^>]* hidden>.*?</\1>", " ", part[0], flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", seen).split())


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("attendee", 403),
        ("captioner", 403),
        ("speaker", 200),
        ("language_desk", 200),
        ("moderator", 200),
        ("host", 200),
    ],
)
def test_it_is_for_speakers_and_those_who_help_them(role: str, status: int) -> None:
    webinar = make_webinar()
    answer = client_of(make_person(webinar, "", role)).get(f"/en/webinars/{webinar.pk}-x/prompter/")
    assert answer.status_code == status


def test_a_stranger_goes_through_the_join_page_and_so_does_whoever_was_sent_out() -> None:
    webinar = make_webinar()
    gone = make_person(webinar, "", "speaker", removed_at=timezone.now())
    for person in (None, gone, make_person(make_webinar(), "", "speaker")):
        answer = client_of(person).get(f"/en/webinars/{webinar.pk}-x/prompter/")
        assert answer["Location"] == f"/en/webinars/{webinar.pk}-x/join/"


def test_a_speaker_without_an_account_comes_to_it_by_the_personal_link() -> None:
    speaker = make_person(make_webinar(), "Jaan", "speaker", joined_at=timezone.now())
    browser = Client()
    answer = browser.get(link_of(speaker).removeprefix(settings.SITE_URL), follow=True)
    there = re.search(r'href="([^"]+/prompter/)"', answer.content.decode())
    assert there is not None
    assert browser.get(there[1]).status_code == 200


def test_one_glance_tells_what_is_asked_now_what_comes_and_what_is_for_the_speaker() -> None:
    webinar = make_webinar()
    speaker = make_person(webinar, "Jaan", "speaker", reads=["et"])
    other, host = make_person(webinar, "Oyun", "speaker"), make_person(webinar, "Host", "host")
    asker = make_person(webinar, "Olena", place="Odesa", country="UA")
    now = make_question(webinar, "How did you begin?", participant=asker, votes=9, addressed_to=speaker)
    following = [make_question(webinar, f"Next {n}?") for n in range(4)]
    make_question(webinar, "For Jaan?", addressed_to=speaker)
    make_question(webinar, "For Oyun?", addressed_to=other)
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(now.pk))
        for question in following:
            floor.put_next(done, done.question(question.pk))
    page = page_of(speaker)
    assert words_of(page, "floor") == "How did you begin? to you 9 want to know Olena, Odesa, Ukraine"
    assert re.findall(r"Next \d\?", words_of(page, "next")) == ["Next 0?", "Next 1?"]
    assert words_of(page, "next-more") == "and 2 more"
    assert "For Jaan?" in words_of(page, "mine")
    assert "For Oyun?" not in words_of(page, "mine")
    assert "How did you begin?" not in words_of(page, "mine")


def test_what_was_asked_of_a_speaker_is_there_however_few_voted_for_it() -> None:
    webinar = make_webinar()
    speaker, other = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Oyun", "speaker")
    for n in range(60):
        make_question(webinar, f"Popular {n}?", votes=100)
    for n in range(ADDRESSED + 5):
        make_question(webinar, f"For the favourite {n}?", addressed_to=other)
    make_question(webinar, "For Jaan?", addressed_to=speaker)
    assert "For Jaan?" in words_of(page_of(speaker), "mine")
    whole = reading.load(webinar.pk)
    assert whole is not None
    frame = changes.Window("speakers").snapshot(whole)
    assert len(frame["addressed"]) == ADDRESSED + 1
    assert "For Jaan?" in [row["text"] for row in frame["questions"]]
    assert "addressed" not in changes.Window("everyone").snapshot(whole)


@pytest.mark.parametrize("speakers_see_pending", [False, True])
def test_a_speaker_sees_what_waits_for_review_only_where_the_host_lets_them(
    speakers_see_pending: bool,
) -> None:
    webinar = make_webinar(speakers_see_pending=speakers_see_pending)
    speaker = make_person(webinar, "Jaan", "speaker")
    make_question(webinar, "A pending secret?", visibility="submitted")
    make_question(webinar, "Pending for Jaan?", visibility="submitted", addressed_to=speaker)
    for visibility in ("declined", "returned", "hidden", "withdrawn"):
        make_question(webinar, f"Never: {visibility}?", visibility=visibility, addressed_to=speaker)
    page = page_of(speaker)
    told = client_of(speaker).get(f"/en/webinars/{webinar.pk}-x/changes/").content.decode()
    for pending in ("A pending secret?", "Pending for Jaan?"):
        assert (pending in page) == (pending in told) == speakers_see_pending
    assert "Never:" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)
    if speakers_see_pending:
        assert "waits for a moderator" in words_of(page, "mine")
        assert "A pending secret?" in words_of(page, "review")
    else:
        assert 'id="review"' not in page
        assert "Never:" not in page + told


@pytest.mark.parametrize("name_shown", ["moderators", "nobody"])
@pytest.mark.parametrize("role", ["speaker", "language_desk", "moderator", "host"])
def test_a_hidden_name_is_not_shown_beside_a_camera(name_shown: str, role: str) -> None:
    webinar = make_webinar(speakers_see_pending=True)
    asker = make_person(
        webinar, "Olena Moroz", place="Tax office, Narva", organisation="Customs", country="EE"
    )
    host = make_person(webinar, "Host", "host")
    question = make_question(webinar, participant=asker, name_shown=name_shown)
    with deed(webinar.pk, by=host) as done:
        floor.open_turn(done, done.question(question.pk))
    page = page_of(make_person(webinar, "", role))
    seen = re.sub(r"<script.*?</script>", "", page, flags=re.S)
    assert not any(secret in seen for secret in ("Olena", "Narva", "Customs"))
    assert "Estonia" in words_of(page, "floor")


def test_notices_reach_those_they_are_for() -> None:
    webinar = make_webinar()
    host, speaker = make_person(webinar, "Host", "host"), make_person(webinar, "Jaan", "speaker")
    with deed(webinar.pk, by=host) as done:
        for to in ("everybody", "staff", "speakers"):
            room.send_notice(done, text=f"Notice to {to}", language="en", to=to)
    assert re.findall(r"Notice to \w+", words_of(page_of(speaker), "notices")) == [
        "Notice to speakers",
        "Notice to everybody",
    ]
    assert "Notice to staff" not in page_of(speaker)
    assert "Notice to staff" in words_of(page_of(host), "notices")


def test_texts_stand_in_the_speakers_language_where_they_exist() -> None:
    webinar = make_webinar(title="")
    webinar.title = Names.of("en", "Training", et="Koolitus")
    webinar.save()
    [item] = make_agenda(webinar, "Opening")
    item.title = Names.of("en", "Opening", et="Avamine")
    item.save()
    speaker, host = make_person(webinar, "Jaan", "speaker", reads=["et"]), make_person(webinar, "", "host")
    with deed(webinar.pk, by=host) as done:
        room.next_agenda_item(done)
    page = page_of(speaker, "et")
    assert f'<span data-item="{item.pk}" data-is="now"><span lang="et">Avamine</span></span>' in page
    assert "Koolitus" in page


@pytest.mark.parametrize("state", State.values)
def test_every_state_has_its_answer(state: str) -> None:
    webinar = make_webinar(state=state)
    answer = client_of(make_person(webinar, "", "speaker")).get(f"/en/webinars/{webinar.pk}-x/prompter/")
    assert answer.status_code == (404 if state == "draft" else 200 if webinar.has_room else 302)


# --- the time ------------------------------------------------------------------------------------------


NOON = datetime(2030, 5, 1, 12, tzinfo=timezone.get_fixed_timezone(0))


def until(webinar: Webinar) -> tuple[str, timedelta | None]:
    """What the time counts down to, and how long after noon that is."""
    header = reading.header_of(webinar)
    found = until_of(webinar, agenda(webinar, header))
    return found.what, found.at - NOON if found.at else None


def test_the_time_runs_to_the_planned_end_of_what_runs_else_to_the_start_or_the_end() -> None:
    webinar = make_webinar(state="scheduled", starts_at=NOON, started_at=None, minutes=90)
    assert until(webinar) == ("start", timedelta())
    webinar.state, webinar.started_at = State.LIVE, NOON + timedelta(minutes=5)
    assert until(webinar) == ("end", timedelta(minutes=95))
    [item, unplanned] = make_agenda(webinar, "Opening", "Talk")
    AgendaItem.objects.filter(pk=item.pk).update(minutes=20, started_at=NOON + timedelta(minutes=6))
    AgendaItem.objects.filter(pk=unplanned.pk).update(started_at=NOON + timedelta(minutes=26))
    webinar.agenda_now = item
    assert until(webinar) == ("item", timedelta(minutes=26))
    webinar.agenda_now = unplanned
    assert until(webinar) == ("end", timedelta(minutes=95))
    webinar.state, webinar.agenda_now = State.ENDED, None
    assert until(webinar) == ("", None)
    assert until(make_webinar(state="scheduled", starts_at=None)) == ("", None)


@pytest.mark.parametrize(
    ("begun", "words"), [(4, "6 min left"), (13, "3 min over time")], ids=["in time", "over time"]
)
def test_without_a_script_the_time_is_told_in_minutes(begun: int, words: str) -> None:
    webinar = make_webinar()
    [item] = make_agenda(webinar, "Opening")
    begin = timezone.now() - timedelta(minutes=begun) + timedelta(seconds=20)
    AgendaItem.objects.filter(pk=item.pk).update(minutes=10, started_at=begin)
    Webinar.objects.update(agenda_now=item)
    page = page_of(make_person(webinar, "", "speaker", zone="Europe/Tallinn"))
    time = words_of(page, "time")
    assert words in time
    ends = begin + timedelta(minutes=10)
    assert re.search(r"planned for (\d\d:\d\d)", time)
    assert f"{ends.minute:02}" in time


def test_it_costs_as_many_queries_with_many_questions_as_with_one() -> None:
    webinar = make_webinar(speakers_see_pending=True)
    speaker = make_person(webinar, "", "speaker")
    client, counts = client_of(speaker), []
    for more in (1, 5):
        for _ in range(more):
            make_question(webinar, addressed_to=speaker)
            make_question(webinar, visibility="submitted")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/webinars/{webinar.pk}-x/prompter/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_whoever_is_no_speaker_any_more_is_told_so_and_finds_no_way_to_it() -> None:
    webinar = make_webinar()
    speaker, host = make_person(webinar, "Jaan", "speaker"), make_person(webinar, "Host", "host")
    client = client_of(speaker)
    room_page = f"/en/webinars/{webinar.pk}-x/room/"
    assert "/prompter/" in client.get(room_page).content.decode()
    with deed(webinar.pk, by=host) as done:
        people.change_person(done, speaker.pk, roles=["attendee"])
    assert "/prompter/" not in client.get(room_page).content.decode()
    assert client.get(f"/en/webinars/{webinar.pk}-x/prompter/").status_code == 403
    told = json.loads(client.get(f"/en/webinars/{webinar.pk}-x/changes/").content)
    assert told["cursor"].split(".")[1] == "everyone"  # the page closes by this

"""A webinar as a calendar entry, and its time in words, where clocks differ and where they change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation
from icalendar import Calendar, Event

from accounts.names import Names
from tests.factories import make_agenda, make_webinar
from webinars import ics
from webinars.actions.events import start_of
from webinars.addresses import address
from webinars.models import State, Webinar
from webinars.views.reading import agenda_of
from webinars.when import date_words, day_words, when_of

pytestmark = pytest.mark.django_db
TALLINN, HOVD, ULAANBAATAR = "Europe/Tallinn", "Asia/Hovd", "Asia/Ulaanbaatar"


def entry(webinar: Webinar, language: str = "en") -> tuple[Calendar, Event]:
    with translation.override(language):
        answer = Client().get(address(webinar, "calendar"))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def at(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]


def scheduled(starts: datetime, zone: str, **facts: object) -> Webinar:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=starts, zone=zone, **facts)
    webinar.refresh_from_db()
    return webinar


@pytest.mark.parametrize(
    "starts",
    [
        at(ULAANBAATAR, 2026, 12, 10, 16, 0),
        at(HOVD, 2026, 7, 1, 0, 30),
        at(TALLINN, 2027, 3, 28, 2, 30),  # half an hour before the clocks go forward
        at(TALLINN, 2027, 3, 28, 4, 0),  # the first minute of summer
        at(TALLINN, 2026, 10, 25, 2, 50),  # ten minutes before an hour that comes twice
        at("Europe/Kyiv", 2026, 10, 25, 12, 0),
    ],
)
def test_an_entry_means_the_same_instant_and_lasts_as_long(starts: datetime) -> None:
    zone = str(starts.tzinfo)
    calendar, event = entry(scheduled(starts, zone, minutes=90))
    assert event["DTSTART"].dt.astimezone(UTC) == starts.astimezone(UTC)
    assert event["DTSTART"].params["TZID"] == zone
    assert event["DURATION"].dt == timedelta(minutes=90)
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone]


def test_a_day_without_an_hour_is_a_whole_day() -> None:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=None, day=date(2026, 12, 10), zone=ULAANBAATAR)
    calendar, event = entry(webinar)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 10), date(2026, 12, 11))
    assert calendar.walk("VTIMEZONE") == []


def test_without_a_day_there_is_no_entry() -> None:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=None)
    assert Client().get(address(webinar, "calendar")).status_code == 404
    assert ics.entry(webinar, language="en", url="http://localhost/") is None


def test_a_change_replaces_the_entry() -> None:
    webinar = scheduled(at(ULAANBAATAR, 2026, 12, 10, 16, 0), ULAANBAATAR)
    _, before = entry(webinar)
    Webinar.objects.update(room_seq=7, seq=9, state=State.CANCELLED)
    _, after = entry(webinar)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["STATUS"] == "CANCELLED"
    assert str(after["SUMMARY"]).startswith("Cancelled: ")


def test_votes_do_not_make_a_new_version_of_the_entry() -> None:
    webinar = scheduled(at(ULAANBAATAR, 2026, 12, 10, 16, 0), ULAANBAATAR)
    _, before = entry(webinar)
    Webinar.objects.update(seq=500)
    assert entry(webinar)[1]["SEQUENCE"] == before["SEQUENCE"]


@pytest.mark.parametrize(
    "title",
    [
        "Fine\r\nATTENDEE:mailto:x@example.org\r\nEND:VEVENT",
        "Fine\nBEGIN:VALARM",
        "Fine\x0bDTSTART:19700101",
        "Fine\u2028X-EVIL:1",
        'Semi;colons, commas \\ and "quotes"',
        "Long " + "цахим үйлчилгээ " * 20,
    ],
)
def test_s48_a_title_adds_no_property(title: str) -> None:
    webinar = scheduled(at(TALLINN, 2026, 12, 10, 10, 0), TALLINN, description=Names.of("en", title * 3))
    Webinar.objects.update(title=Names.of("en", title))
    calendar, event = entry(webinar)
    assert {str(name) for name in event} == {
        "UID", "SEQUENCE", "DTSTAMP", "STATUS", "SUMMARY", "DESCRIPTION", "URL", "DTSTART", "DURATION",
    }  # fmt: skip
    assert event.subcomponents == []
    assert len(calendar.walk("VEVENT")) == 1
    assert "\n" not in str(event["SUMMARY"])


def test_no_line_of_the_file_is_longer_than_the_standard_lets_it() -> None:
    webinar = scheduled(at(TALLINN, 2026, 12, 10, 10, 0), TALLINN)
    Webinar.objects.update(title=Names.of("mn", "Иргэдийг шинэ үйлчилгээнд хэрхэн хамруулах вэ " * 4))
    raw = Client().get(address(webinar, "calendar")).content
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75


def test_the_entry_speaks_the_readers_language_and_leads_to_their_page() -> None:
    webinar = scheduled(at(TALLINN, 2026, 12, 10, 10, 0), TALLINN)
    Webinar.objects.update(title=Names.of("en", "Who pays?", mn="Хэн төлөх вэ?"))
    webinar.refresh_from_db()
    _, event = entry(webinar, "mn")
    assert str(event["SUMMARY"]) == "Хэн төлөх вэ?"
    assert event["SUMMARY"].params["LANGUAGE"] == "mn"
    assert "/mn/webinars/" in str(event["URL"])


# --- in words --------------------------------------------------------------------------------------------


def test_speakers_see_their_own_clocks_and_the_other_day() -> None:
    webinar = scheduled(at(ULAANBAATAR, 2026, 12, 10, 3, 0), ULAANBAATAR)
    when = when_of(webinar, also=[HOVD, TALLINN, ULAANBAATAR], now=at("UTC", 2026, 12, 1, 0, 0))
    assert when.day == "Thursday 10 December"
    assert [(clock.city, clock.hour, clock.days) for clock in when.clocks] == [
        ("Ulaanbaatar", "03:00", 0),
        ("Khovd", "02:00", 0),
        ("Tallinn", "21:00", -1),
    ]


@pytest.mark.parametrize(
    ("starts", "hours"),
    [
        (at(ULAANBAATAR, 2026, 10, 24, 16, 0), {"Tallinn": "11:00", "Kyiv": "11:00"}),
        (at(ULAANBAATAR, 2026, 10, 26, 16, 0), {"Tallinn": "10:00", "Kyiv": "10:00"}),
    ],
)
def test_r17_the_week_in_which_europe_changes_its_clocks(starts: datetime, hours: dict[str, str]) -> None:
    when = when_of(scheduled(starts, ULAANBAATAR), also=[TALLINN, "Europe/Kyiv"])
    assert {clock.city: clock.hour for clock in when.clocks[1:]} == hours


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Thursday 10 December 2026"),
        ("et", "neljapäev, 10. detsember 2026"),
        ("uk", "четвер, 10 грудня 2026"),
        ("mn", "2026 оны 12-р сарын 10, пүрэв гариг"),
    ],
)
def test_a_day_is_written_as_each_language_writes_it(language: str, words: str) -> None:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=None, day=date(2026, 12, 10))
    with translation.override(language):
        assert when_of(webinar, now=at("UTC", 2025, 1, 1, 0, 0)).day == words


@pytest.mark.parametrize(
    ("language", "under", "alone"),
    [("en", "December 2026", "December 2026"), ("uk", "грудня 2026", "Грудень 2026")],
)
def test_a_month_under_a_day_is_not_the_month_alone(language: str, under: str, alone: str) -> None:
    webinar = make_webinar(state=State.SCHEDULED, starts_at=None, day=date(2026, 12, 10))
    with translation.override(language):
        assert (when_of(webinar).month, date_words(date(2026, 12, 1), "month")) == (under, alone)


def test_a_friday_in_ukrainian_has_the_apostrophe_of_the_rest_of_the_page() -> None:
    with translation.override("uk"):
        assert day_words(date(2026, 12, 11)) == "п’ятниця, 11 грудня 2026"


def test_r17_minutes_of_the_agenda_are_minutes_when_the_clocks_change_between() -> None:
    webinar = scheduled(at(TALLINN, 2027, 3, 28, 2, 30), TALLINN)
    for item in make_agenda(webinar, "Opening", "Talk"):
        item.minutes = 45
        item.save()
    assert [line.hour for line in agenda_of(webinar)] == ["02:30", "04:15"]


def test_a_host_means_the_hour_on_the_clock_of_the_event() -> None:
    from datetime import time

    assert start_of(date(2026, 12, 10), time(16, 0), ULAANBAATAR) == at("UTC", 2026, 12, 10, 8, 0)
    assert start_of(date(2026, 12, 10), None, ULAANBAATAR) is None

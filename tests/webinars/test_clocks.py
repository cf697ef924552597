"""R16, R17: clocks that are wrong, and clocks that change."""

import os
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from tests.factories import make_person, make_webinar
from tests.site import ROOT, Site
from webinars import ics
from webinars.actions.events import start_of
from webinars.addresses import address
from webinars.models import Question, State
from webinars.when import when_of

# The days on which each of them changed or could have changed its clocks. Mongolia has not since 2016.
EDGES = [
    *((zone, day) for zone in ("Europe/Tallinn", "Europe/Kyiv") for day in ("2027-03-28", "2026-10-25")),
    *(
        (zone, day)
        for zone in ("Asia/Ulaanbaatar", "Asia/Hovd")
        for day in ("2016-03-26", "2016-09-24", "2027-03-27")
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "day"), EDGES)
def test_r17_at_each_edge_pages_calendars_and_hosts_mean_the_same_instant(zone: str, day: str) -> None:
    first = datetime.fromisoformat(f"{day}T00:00:00+00:00") - timedelta(hours=12)
    for quarter in range(0, 36 * 4, 6):
        instant = first + timedelta(minutes=15 * quarter)
        webinar = make_webinar(state=State.SCHEDULED, starts_at=instant, zone=zone)
        webinar.refresh_from_db()
        local = instant.astimezone(ZoneInfo(zone))
        when = when_of(webinar, now=first)
        assert when.clocks[0].hour == f"{local:%H:%M}"
        assert webinar.local_day == local.date()
        entry = ics.entry(webinar, language="en", url="http://localhost/")
        assert entry is not None
        [event] = Calendar.from_ical(entry).walk("VEVENT")
        if local.fold == 0:  # of an hour that comes twice a calendar can name the first one only
            assert event["DTSTART"].dt.astimezone(UTC) == instant
        if local.fold == 0 and local.astimezone(UTC).astimezone(ZoneInfo(zone)).hour == local.hour:
            # Datetimes of two zones in an hour that comes twice are never equal (PEP 495): in UTC they are.
            start = start_of(local.date(), local.time(), zone)
            assert start is not None
            assert start.astimezone(UTC) == instant


@pytest.mark.django_db
def test_r17_the_distance_between_two_cities_changes_on_the_right_night() -> None:
    hours = {}
    for day in (24, 26):
        webinar = make_webinar(
            state=State.SCHEDULED, starts_at=datetime(2026, 10, day, 8, tzinfo=UTC), zone="Asia/Hovd"
        )
        webinar.refresh_from_db()
        clocks = when_of(webinar, also=["Asia/Ulaanbaatar", "Europe/Tallinn", "Europe/Kyiv"]).clocks
        hours[day] = [clock.hour for clock in clocks]
    assert hours == {24: ["15:00", "16:00", "11:00", "11:00"], 26: ["15:00", "16:00", "10:00", "10:00"]}


@pytest.mark.django_db(transaction=True)
def test_r16_the_server_tells_its_time_and_believes_nobody_elses(live_site: Site) -> None:
    webinar = make_webinar()
    before = time.time() * 1000
    with live_site.socket(make_person(webinar)) as line:
        hello = line.until("hello")["hello"]
        assert before - 1000 <= hello["now"] <= time.time() * 1000 + 1000
        line.ask_for(
            "ask", client_id="6ba7b810-9dad-11d1-80b4-00c04fd430c8", text="When?", language="en",
            asked_at="2001-01-01T00:00:00Z", at=1, now=1, published_at="2001-01-01",
        )  # fmt: skip
    asked = Question.objects.get().asked_at.timestamp() * 1000
    assert before - 1000 <= asked <= time.time() * 1000 + 1000


@pytest.mark.parametrize("wrong", [-7_200_000, 0, 86_400_000])
def test_r16_a_page_whose_clock_is_wrong_counts_by_the_servers(wrong: int) -> None:
    """The module that the pages use, with a clock hours or a day away."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail("Node is not installed: sudo apt install nodejs")
        pytest.skip("Node is not installed: sudo apt install nodejs")
    script = f"""
      import {{ EMPTY, apply }} from "{ROOT / "site/static/js/live/state.js"}";
      const real = Date.now.bind(Date);
      Date.now = () => real() + ({wrong});
      const said = real();
      const hello = {{ participant: 1, audience: "everyone", release: "x", now: said }};
      const state = apply(EMPTY, {{ hello, heard: Date.now() }});
      console.log(Math.round((Date.now() + state.offset - real()) / 1000));
    """
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert abs(int(done.stdout)) <= 5


@pytest.mark.django_db
def test_r16_the_calendar_is_stamped_in_utc() -> None:
    webinar = make_webinar(state=State.SCHEDULED, zone="Asia/Hovd")
    [event] = Calendar.from_ical(Client().get(address(webinar, "calendar")).content).walk("VEVENT")
    assert event["DTSTAMP"].dt.utcoffset() == timedelta()

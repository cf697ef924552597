"""A webinar as a calendar entry (RFC 5545): its own zone with rules, or a whole day where the hour is not known."""

from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, vText

from config.site_settings import current
from webinars.models import State, Webinar

STATUS = {State.CANCELLED: "CANCELLED", State.POSTPONED: "TENTATIVE", State.DRAFT: "TENTATIVE"}


def entry(webinar: Webinar, *, language: str, url: str, prefix: str = "") -> bytes | None:
    """The .ics of one webinar, or None when not even its day is known.

    UID never changes and SEQUENCE moves with every change of the header, so that a calendar replaces what it has.
    `prefix` stands before the title ("Cancelled: "); `url` is where the entry leads.
    """
    day = webinar.local_day
    if day is None:
        return None
    title = webinar.title.best([language])
    about = webinar.description.best([language])
    event = Event()
    event.add("uid", f"webinar-{webinar.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}")
    event.add("sequence", webinar.room_seq)
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("status", STATUS.get(State(webinar.state), "CONFIRMED"))
    event.add("summary", _text(f"{prefix}{title.text}"), parameters={"LANGUAGE": title.lang or language})
    lines = [line for line in (_lines(about.text), url) if line]
    event.add("description", vText("\n\n".join(lines)), parameters={"LANGUAGE": about.lang or language})
    event.add("url", url)
    start = webinar.local_start
    if start is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", start)
        # A duration, not an end: ninety minutes stay ninety minutes when the clocks change between.
        event.add("duration", timedelta(minutes=webinar.minutes))
    calendar = Calendar()
    calendar.add("prodid", vText(f"-//{_text(current().called(language))}//Webinars//EN"))
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _text(text: str) -> str:
    """One line: nothing in a title may look like the end of one."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _lines(text: str) -> str:
    return "\n".join(filter(None, (_text(line) for line in text.splitlines())))

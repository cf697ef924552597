"""When a webinar is, in words: on its own clock, on the speakers' clocks, and how far away it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from django.utils import timezone, translation
from django.utils.dateformat import format as spell
from django.utils.formats import date_format as spell_date

from accounts.languages import city
from webinars.models import Webinar

# Weekday, day and month as each language writes them; with the year where it is not this one.
_DAY = {
    "en": ("l j F", "l j F Y"),
    "et": ("l, j. F", "l, j. F Y"),
    "uk": ("l, j E", "l, j E Y"),
    "mn": ("n-р сарын j, l", "Y оны n-р сарын j, l"),
}
MOST_CITIES = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """The same moment somewhere else; `days` says how far its date is from the webinar's own."""

    zone: str
    city: str
    hour: str
    days: int


@dataclass(frozen=True, slots=True)
class When:
    """Words for the start of a webinar. `instant` is None where only the day is known, `day` "" where not even that."""

    instant: datetime | None
    date: date | None
    day: str
    hour: str
    zone: str
    city: str
    until: str
    clocks: tuple[Clock, ...]

    @property
    def month(self) -> str:
        """December 2026, as it stands under the number of a day."""
        genitive = translation.get_language() == "uk"  # the month alone is nominative: грудень, but 10 грудня
        return spell_date(self.date, "E Y" if genitive else "YEAR_MONTH_FORMAT") if self.date else ""


def when_of(webinar: Webinar, *, also: Iterable[str] = (), now: datetime | None = None) -> When:
    """The webinar's time in the active language. `also`: zones of speakers, shown beside its own."""
    language = (translation.get_language() or "en").split("-")[0]
    now = now or timezone.now()
    start = webinar.local_start
    day = webinar.local_day
    if start is None:
        return When(None, day, day_words(day, now.date()), "", webinar.zone, "", "", ())
    zones = [zone for zone in dict.fromkeys(also) if zone and zone != webinar.zone]
    return When(
        instant=start,
        date=day,
        day=day_words(day, now.astimezone(start.tzinfo).date()),
        hour=f"{start:%H:%M}",
        zone=webinar.zone,
        city=city(webinar.zone, language),
        until=_until(start - now, language),
        clocks=tuple(_clock(start, zone, language) for zone in (webinar.zone, *zones[:MOST_CITIES])),
    )


def day_words(day: date | None, today: date | None = None) -> str:
    """Thursday 10 December, with the year unless it is this one."""
    if day is None:
        return ""
    language = (translation.get_language() or "en").split("-")[0]
    short, full = _DAY.get(language, _DAY["en"])
    words = spell(day, short if today is not None and day.year == today.year else full)
    # Django writes both with a capital, which they have only where a sentence begins, and П'ятниця.
    return words.lower().replace("'", "’") if language in ("mn", "uk") else words


def date_words(day: date, exact: str) -> str:
    """9 May 2021, or May 2021, or 2021: no more of a date than is known."""
    return spell_date(day, {"month": "YEAR_MONTH_FORMAT", "year": "Y"}.get(exact, "DATE_FORMAT"))


def _clock(start: datetime, zone: str, language: str) -> Clock:
    there = start.astimezone(ZoneInfo(zone))
    return Clock(zone, city(zone, language), f"{there:%H:%M}", (there.date() - start.date()).days)


def _until(away: timedelta, language: str) -> str:
    """In 2 days, in 4 hours: the nearest whole step, as the script says it."""
    hours = abs(away) / timedelta(hours=1)
    granularity: Literal["day", "hour", "minute"]
    granularity = "day" if hours >= 48 else "hour" if hours >= 1 else "minute"
    return str(format_timedelta(away, granularity, threshold=99, add_direction=True, locale=language))

"""How much went on in a webinar, minute by minute: questions, votes, people here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from django.db.models import Count, Value
from django.db.models.functions import TruncMinute

from .events import Webinar
from .people import Attendance
from .questions import Question, Visibility, Vote

MINUTE: Final = timedelta(minutes=1)
LONGEST: Final = 360  # minutes that are looked at: the last ones of what went on for days
POINTS: Final = 90  # at most; of a longer webinar several minutes are one point


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts by point, each of `minutes` minutes; the last one may not be over yet."""

    begins: datetime
    minutes: int
    questions: list[int]
    votes: list[int]
    people: list[int]  # the most at once

    def __len__(self) -> int:
        return len(self.questions)


def activity_of(webinar: Webinar, now: datetime) -> Activity | None:
    """From the start to the end or now, in one grouped query; None before anything began."""
    ends = min(webinar.ended_at or now, now)
    if webinar.started_at is None or webinar.started_at > ends:
        return None
    ends = _whole(ends)
    begins = max(_whole(webinar.started_at), ends - (LONGEST - 1) * MINUTE)
    length = (ends - begins) // MINUTE + 1
    counts: dict[str, list[int]] = {kind: [0] * length for kind in ("asked", "voted", "came", "went")}
    for kind, minute, number in _counted(webinar, begins, ends):
        place = (minute - begins) // MINUTE
        # Whoever came before the first minute is here in it; whoever left before is not.
        if kind in ("came", "went"):
            place = max(0, place)
        if 0 <= place < length:
            counts[kind][place] += number or 0
    # Somebody who leaves in a minute was here in it.
    left = [0, *counts["went"][:-1]]
    here = list(accumulate(came - went for came, went in zip(counts["came"], left)))
    step = -(-length // POINTS)
    return Activity(
        begins,
        step,
        [sum(part) for part in _parts(counts["asked"], step)],
        [sum(part) for part in _parts(counts["voted"], step)],
        [max(part) for part in _parts(here, step)],
    )


def _counted(
    webinar: Webinar, begins: datetime, ends: datetime
) -> Iterable[tuple[str, datetime, int | None]]:
    """(what, minute, how many). A vote counts in the minute in which it was cast last, and while it stands."""
    asked = Question.objects.filter(webinar=webinar, asked_at__gte=begins).exclude(
        visibility=Visibility.WITHDRAWN
    )
    voted = Vote.objects.filter(question__webinar=webinar, is_on=True, at__gte=begins)
    came = Attendance.objects.filter(
        participant__webinar=webinar, left_at__gte=begins, arrived_at__lt=ends + MINUTE
    )
    by_minute: list[Any] = [
        _grouped(asked, "asked", "asked_at", Count("pk")),
        _grouped(voted, "voted", "at", Count("pk")),
        _grouped(came, "came", "arrived_at", Count("pk")),
        _grouped(came, "went", "left_at", Count("pk")),
    ]
    return by_minute[0].union(*by_minute[1:], all=True)  # type: ignore[no-any-return]


def _grouped(rows: Any, kind: str, instant: str, number: Any) -> Any:
    found = rows.order_by().annotate(kind=Value(kind), minute=TruncMinute(instant))
    return found.values("kind", "minute").annotate(number=number).values_list("kind", "minute", "number")


def _whole(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)


def _parts(counts: list[int], step: int) -> list[list[int]]:
    return [counts[at : at + step] for at in range(0, len(counts), step)]

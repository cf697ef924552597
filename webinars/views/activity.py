"""The webinar's activity as a picture drawn here: three lines over its minutes, and the same in words and figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from webinars import policies
from webinars.models import Webinar
from webinars.models.activity import Activity, activity_of

from .seats import find_webinar, seat_of

WIDE, HIGH = 120, 24  # the picture's own units; CSS says how large it is
KEPT = 60  # seconds an activity serves all who look
LINES = 24  # of the table, at most: several points are one line


@dataclass(frozen=True, slots=True)
class Line:
    """One count over time."""

    kind: str  # questions, votes, people
    points: str  # of an SVG polyline
    total: int
    most: int
    last: int


@dataclass(frozen=True, slots=True)
class Span:
    """A line of the table: from when until when, and what went on."""

    begins: datetime
    ends: datetime
    questions: int
    votes: int
    people: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What the partial draws (templates/webinars/_activity.html)."""

    lines: list[Line]
    spans: list[Span]
    begins: datetime
    minutes: int  # in all
    wide: int = WIDE
    high: int = HIGH


@never_cache
@require_GET
def activity(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The picture alone, for the console, which asks anew each minute."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "console", webinar):
        raise PermissionDenied
    return render(
        request, "webinars/activity.html", {"webinar": webinar, "slug": slug, "activity": picture_of(webinar)}
    )


def picture_of(webinar: Webinar) -> Picture | None:
    """The same for everybody who may see it, for a minute; None before the start."""
    key = f"webinars.activity.{webinar.pk}"
    found: Activity | None = cache.get(key)
    if found is None:
        found = activity_of(webinar, timezone.now())
        if found is not None:
            cache.set(key, found, KEPT)
    return _drawn(found) if found is not None else None


def _drawn(found: Activity) -> Picture:
    counts = {"people": found.people, "votes": found.votes, "questions": found.questions}
    step = timedelta(minutes=found.minutes)
    at_once = -(-len(found) // LINES)
    spans = []
    for first in range(0, len(found), at_once):
        part = slice(first, first + at_once)
        begins = found.begins + first * step
        spans.append(
            Span(
                begins,
                begins + len(found.questions[part]) * step,
                sum(found.questions[part]),
                sum(found.votes[part]),
                max(found.people[part]),
            )
        )
    lines = [
        Line(kind, _points(values), sum(values), max(values), values[-1]) for kind, values in counts.items()
    ]
    return Picture(lines, spans, found.begins, len(found) * found.minutes)


def _points(values: list[int]) -> str:
    """Each line on a scale of its own: what is compared is how it rises and falls."""
    top, room = max(values) or 1, HIGH - 2
    apart = WIDE / max(1, len(values) - 1)
    places = [
        f"{round(n * apart, 1):g},{round(1 + room - room * value / top, 1):g}"
        for n, value in enumerate(values)
    ]
    return " ".join(places if len(places) > 1 else [places[0], f"{WIDE},{places[0].partition(',')[2]}"])

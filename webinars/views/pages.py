"""What everybody may read: the front page, the programme, and a webinar's own page before, during and after."""

from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from knowledge.models import Guide
from knowledge.reading import best_edition
from webinars import policies
from webinars.actions.lessons import may_draft
from webinars.addresses import address, slug_of
from webinars.models import Commitment, Question, Series, State, Webinar
from webinars.models.events import PAST
from webinars.when import when_of

from .editing import steps_of
from .joining import reads_of, signed_in
from .promises import Told, told
from .reading import (
    Listed,
    agenda_of,
    alternates,
    card_of,
    listed,
    people_of,
    phase_of,
    with_people,
    zones_of,
)
from .seats import find_webinar, seat_of

SOON, LATELY, LESSONS, DUE = 4, 3, 6, 3
A_PAGE = 30
PAST_PAGE = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is on now, what comes next, what was learned and what was promised."""
    everything = Webinar.objects.public()
    running = list(everything.running()[:SOON])
    coming = list(everything.coming()[: SOON + 1])
    past = list(everything.past()[:LATELY])
    prefetch_related_objects([*running, *coming, *past], *with_people())
    following = _next(coming)
    learned = Guide.objects.published().about(kind=Guide.Kind.LESSON)
    hero = following or (running[0] if running else None)
    context = {
        "section": "webinars",
        "running": [listed(one) for one in running if one is not hero],
        "hero": _hero(request, hero) if hero else None,
        "coming": [listed(one) for one in coming if one is not hero][:SOON],
        "past": [listed(one) for one in past],
        "lessons": _lessons(request, learned.readable_first(reads_of(request))[:LESSONS]),
        "promises": _promises(),
        "may_create": policies.may_create(signed_in(request)),
    }
    return render(request, "webinars/home.html", context)


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Every webinar that is not a draft: live, coming, past."""
    everything = Webinar.objects.public()
    page = Paginator(everything.past(), PAST_PAGE).get_page(request.GET.get("page"))
    first = page.number == 1
    running = list(everything.running()) if first else []
    coming = list(everything.coming()) if first else []
    off = list(everything.filter(state=State.CANCELLED, day__gte=timezone.now().date())) if first else []
    prefetch_related_objects([*running, *coming, *off, *page.object_list], *with_people())
    context = {
        "section": "webinars",
        "page": page,
        "running": [listed(one) for one in running],
        "coming": [listed(one) for one in (*coming, *off)],
        "past": [listed(one) for one in page.object_list],
        "may_create": policies.may_create(signed_in(request)),
    }
    return render(request, "webinars/programme.html", context)


@require_safe
def series(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Webinars that belong together."""
    found = get_object_or_404(Series, pk=pk)
    if slug != slug_of(found):
        return redirect("webinars:series", pk=pk, slug=slug_of(found))
    members = list(
        Webinar.objects.public().filter(series=found).order_by("-day", "-id").prefetch_related(*with_people())
    )
    shelves: dict[str, list[Listed]] = {"before": [], "live": [], "after": []}
    for one in members:
        shelves.setdefault(phase_of(one), []).append(listed(one))
    context = {
        "section": "webinars",
        "series": found,
        "running": shelves["live"],
        "coming": [*reversed(shelves["before"]), *shelves.get("off", [])],
        "past": shelves["after"],
    }
    return render(request, "webinars/series.html", context)


@require_safe
def webinar(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The page of a webinar. The id decides; a slug that is not the right one is put right."""
    found = find_webinar(request, pk)
    if slug != slug_of(found):
        return redirect(_with_query(request, address(found)))
    seat = seat_of(request, found)
    people = people_of(found)
    questions = Question.objects.filter(webinar=found).published()
    ordered = (
        questions.as_answered() if found.state in PAST else questions.order_by("-votes", "published_at", "id")
    )
    may_read = found.is_open_book or seat is not None
    if not may_read:
        ordered = ordered.none()
    page = Paginator(ordered.with_all(), A_PAGE).get_page(_page_number(request, ordered))
    lessons = Guide.objects.published().filter(citations__webinar=found).distinct()
    context = {
        "section": "webinars",
        "webinar": found,
        "slug": slug,
        "phase": phase_of(found),
        "when": when_of(found, also=zones_of(people)),
        "organisations": list(found.organisations.all()),
        "speakers": [person for person in people if person.has("speaker")],
        "others": [person for person in people if not person.has("speaker")],
        "agenda": agenda_of(found),
        "page": page,
        "cards": [card_of(question, found) for question in page.object_list],
        "reads": reads_of(request),
        "guide_url": reverse("knowledge:index"),
        "promises": _promised_in(found) if may_read else [],
        "lessons": _lessons(request, lessons),
        "came_of_it": found.citations.exclude(quote="").exists(),
        "series_slug": slug_of(found.series) if found.series else "",
        "began": _clock(found),
        "alternates": alternates(found),
        "may_draft": may_draft(signed_in(request)),
        "seat": seat,
        "steps": steps_of(found),
        "may": {verb: policies.can(seat, verb) for verb in ("edit", "people", "copy", "console")},
    }
    return render(request, "webinars/webinar.html", context)


@require_safe
def by_id(request: HttpRequest, pk: int) -> HttpResponse:
    """Without its slug an address leads to the page, too, and to the very question."""
    return redirect(_with_query(request, address(find_webinar(request, pk))))


def _with_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def _page_number(request: HttpRequest, ordered: QuerySet[Question]) -> str | int | None:
    """The page that was asked for, or the one that holds the question a link leads to."""
    wanted = request.GET.get("question", "")
    if wanted.isascii() and wanted.isdigit():
        ids = list(ordered.values_list("pk", flat=True))
        return ids.index(int(wanted)) // A_PAGE + 1 if int(wanted) in ids else 1
    return request.GET.get("page")


def _next(coming: list[Webinar]) -> Webinar | None:
    """The announced one that comes next; one that nobody began on its day is no longer next."""
    today = timezone.now().date()
    return next(
        (one for one in coming if one.state == State.SCHEDULED and (one.day is None or one.day >= today)),
        None,
    )


def _hero(request: HttpRequest, found: Webinar) -> dict[str, Any]:
    return {
        "webinar": found,
        "slug": slug_of(found),
        "phase": phase_of(found),
        "when": when_of(found, also=zones_of(found.speakers)),  # type: ignore[attr-defined]
        "speakers": found.speakers,  # type: ignore[attr-defined]
        "began": _clock(found),
        "asked": Question.objects.filter(webinar=found).published().count(),
    }


def _promises() -> list[Told]:
    """What is due soon, else the promise with the greatest figure."""
    shown = Commitment.objects.shown().for_list()
    found = list(shown.due_soon(timezone.localdate())[:DUE]) or list(
        shown.exclude(figure_goal=None).order_by("-figure_goal", "-pk")[:1]
    )
    return [told(one) for one in found]


def _promised_in(found: Webinar) -> list[Told]:
    return [told(one) for one in found.commitments.for_list().in_order()]


def _clock(found: Webinar) -> str:
    """When it began, on its own clock."""
    return f"{found.started_at.astimezone(ZoneInfo(found.zone)):%H:%M}" if found.started_at else ""


def _lessons(request: HttpRequest, guides: QuerySet[Guide]) -> list[Any]:
    reads = reads_of(request)
    return [(guide, best_edition(guide.readable, reads)) for guide in guides.for_list()]  # type: ignore[attr-defined]

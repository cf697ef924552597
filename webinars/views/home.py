"""The front page: what is on now, what comes next, what was learned and what was promised."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from knowledge.models import Guide
from webinars import policies
from webinars.addresses import slug_of
from webinars.models import Commitment, Question, State, Webinar
from webinars.when import when_of

from .joining import reads_of, signed_in
from .promises import Told, told
from .reading import began_at, cards_of_lessons, listed, phase_of, with_people, zones_of

SOON, LATELY, LESSONS, DUE = 4, 3, 6, 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The same for everybody who reads the same languages; a crowd of webinars or lessons is cut and counted."""
    everything = Webinar.objects.public()
    running = list(everything.running()[: SOON + 1])
    coming = list(everything.coming()[: SOON + 2])
    past = list(everything.past()[: LATELY + 1])
    prefetch_related_objects([*running, *coming, *past], *with_people())
    following = next((one for one in coming if one.state == State.SCHEDULED), None)
    hero = following or (running[0] if running else None)
    also_running = [one for one in running if one is not hero]
    also_coming = [one for one in coming if one is not hero]
    learned = Guide.objects.published().lessons()
    context = {
        "section": "webinars",
        "hero": _hero(hero) if hero else None,
        "running": [listed(one) for one in also_running[:SOON]],
        "more_running": len(also_running) > SOON,
        "coming": [listed(one) for one in also_coming[:SOON]],
        "more_coming": len(also_coming) > SOON,
        "past": [listed(one) for one in past[:LATELY]],
        "lessons": cards_of_lessons(request, learned.readable_first(reads_of(request))[:LESSONS]),
        "lessons_in_all": learned.count(),
        "promises": _promises(),
        "may_create": policies.may_create(signed_in(request)),
    }
    return render(request, "webinars/home.html", context)


def _hero(found: Webinar) -> dict[str, Any]:
    asked = Question.objects.filter(webinar=found).published() if found.is_open_book else None
    return {
        "webinar": found,
        "slug": slug_of(found),
        "phase": phase_of(found),
        "when": when_of(found, also=zones_of(found.speakers)),  # type: ignore[attr-defined]
        "speakers": found.speakers,  # type: ignore[attr-defined]
        "began": began_at(found),
        "asked": asked.count() if asked is not None else 0,
    }


def _promises() -> list[Told]:
    """What is due soon, else the promise with the greatest figure."""
    shown = Commitment.objects.shown().for_list()
    found = list(shown.due_soon(timezone.localdate())[:DUE]) or list(
        shown.exclude(figure_goal=None).order_by("-figure_goal", "-pk")[:1]
    )
    return [told(one) for one in found]

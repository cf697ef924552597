"""A webinar's own page: what it will be, what it is now, and in the end its archive."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knowledge.models import Guide
from webinars import policies
from webinars.actions.lessons import may_draft
from webinars.addresses import address, slug_of
from webinars.models import Citation, Participant, Question, Role, Webinar
from webinars.models.events import PAST
from webinars.when import when_of

from .archive import answered_by, archive_of, nothing_of
from .editing import steps_of
from .joining import reads_of, signed_in
from .opinions import kept
from .polls import published
from .promises import told
from .queue_page import reaction_sums
from .reading import (
    agenda_of,
    alternates,
    began_at,
    card_of,
    cards_of_lessons,
    people_of,
    phase_of,
    zones_of,
)
from .seats import find_webinar, seat_of

A_PAGE = 30


@require_safe
def webinar(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The id decides; a slug that is not the right one is put right."""
    found = find_webinar(request, pk)
    if slug != slug_of(found):
        return redirect(_with_query(request, address(found)))
    if (head := _stands_for(request, found)) is not None:
        return redirect(f"{address(found)}?question={head}#q-{head}")
    context = _common(request, found, slug)
    if found.state in PAST:
        return render(request, "webinars/archive.html", context | _archive(request, found, context))
    return render(request, "webinars/webinar.html", context | _questions(request, found, context))


@require_safe
def by_id(request: HttpRequest, pk: int) -> HttpResponse:
    """Without its slug an address leads to the page, too, and to the very question."""
    return redirect(_with_query(request, address(find_webinar(request, pk))))


def _common(request: HttpRequest, found: Webinar, slug: str) -> dict[str, Any]:
    """What is told of a webinar whatever its state."""
    seat, user = seat_of(request, found), signed_in(request)
    people = people_of(found)
    may_read = found.is_open_book or seat is not None
    learned = Guide.objects.published().filter(citations__webinar=found).distinct()
    quoted = Citation.objects.filter(webinar=found, guide=OuterRef("pk")).exclude(quote="")
    lessons = cards_of_lessons(request, learned.annotate(came_of_it=Exists(quoted)))
    return {
        "section": "webinars",
        "webinar": found,
        "slug": slug,
        "phase": phase_of(found),
        "when": when_of(found, also=zones_of(people)),
        "organisations": list(found.organisations.all()),
        "speakers": [person for person in people if person.has(Role.SPEAKER)],
        "others": [person for person in people if not person.has(Role.SPEAKER)],
        "agenda": agenda_of(found),
        "may_read": may_read,
        "reads": reads_of(request),
        "guide_url": reverse("knowledge:index"),
        "promises": [told(one) for one in found.commitments.for_list().in_order()] if may_read else [],
        "lessons": lessons,
        "series_slug": slug_of(found.series) if found.series else "",
        "began": began_at(found),
        "alternates": alternates(found),
        "may_draft": may_draft(user),
        "may_follow": policies.may_follow(user, seat, found),
        "seat": seat,
        "steps": steps_of(found),
        "may": {verb: policies.can(seat, verb) for verb in ("edit", "people", "copy", "console")},
    }


def _questions(request: HttpRequest, found: Webinar, common: dict[str, Any]) -> dict[str, Any]:
    """Before and while it runs: what is being answered, what is next, and what is asked, most wanted first."""
    ordered = Question.objects.filter(webinar=found).as_seen_now()
    if not common["may_read"]:
        ordered = ordered.none()
    page = Paginator(ordered.with_all(), A_PAGE).get_page(_page_number(request, ordered))
    return {"page": page, "cards": [card_of(question, found) for question in page.object_list]}


def _archive(request: HttpRequest, found: Webinar, common: dict[str, Any]) -> dict[str, Any]:
    agenda, may_read = common["agenda"], common["may_read"]
    archive = archive_of(request, found, agenda) if may_read else nothing_of(agenda)
    speakers: list[Participant] = common["speakers"]
    counts = answered_by(found, speakers) if may_read else {}
    return {
        "archive": archive,
        "reaction_sums": reaction_sums(found) if may_read else [],
        "opinions": kept(found) if may_read else [],
        "page": archive.page,
        "agenda": archive.agenda,
        "polls": published(found) if may_read else [],
        "speakers": [(person, counts.get(person.pk, 0)) for person in speakers],
        "unsettled": Question.objects.filter(webinar=found).unsettled().count()
        if common["may"]["edit"]
        else 0,
        "came_of_it": [one for one in common["lessons"] if one[0].came_of_it],
        "lessons": [one for one in common["lessons"] if not one[0].came_of_it],
    }


def _stands_for(request: HttpRequest, found: Webinar) -> int | None:
    """A link to a question that was merged meanwhile leads to the one that stands for it."""
    wanted = request.GET.get("question", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return None
    merged = Question.objects.merged().filter(webinar=found, pk=int(wanted), into__visibility="published")
    return merged.values_list("into_id", flat=True).first()


def _with_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def _page_number(request: HttpRequest, ordered: QuerySet[Question]) -> str | int | None:
    """The page that was asked for, or the one that holds the question a link leads to."""
    wanted = request.GET.get("question", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        ids = list(ordered.values_list("pk", flat=True))
        return ids.index(int(wanted)) // A_PAGE + 1 if int(wanted) in ids else 1
    return request.GET.get("page")

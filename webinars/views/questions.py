"""A room's list as pages of its own: through a lens, behind what the window holds, and what is found in it by words."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knowledge.search import Hit
from knowledge.search import search as find
from knowledge.search.finding import PUBLIC
from knowledge.views.caching import conditional
from webinars import policies
from webinars.fair import fair_in
from webinars.lenses import ONLY, SORTS, Lens, choices_in, order_of, page_of
from webinars.live.changes import BEHIND, DESK_TIMES, WINDOW
from webinars.live.reading import row_of
from webinars.models import Participant, Question, Visibility, Way, Webinar
from webinars.search import FOR_STAFF, found_here

from .room_page import Card, any_of
from .seats import find_webinar, seat_of
from .twin import votes_of

LONGEST = 300  # characters of what one looks for; more is not read (knowledge.search.query)
LAST_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A card of the page, with what of it was looked for, and whether it is public."""

    card: Card
    hit: Hit | None = None
    is_public: bool = True


@require_safe
def questions(request: HttpRequest, pk: int, slug: str = "") -> HttpResponseBase:
    """`?sort=…&only=…&to=…&country=…&language=…&topic=…&after=<id>`, or `?q=…&page=…`.

    For those in the room, and for everybody where everybody may read it: then a page to be kept, in which nobody
    votes. Who accepts JSON gets the ids alone.
    """
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None and not webinar.is_open_book:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not webinar.has_room:
        return redirect("webinars:webinar", pk=pk, slug=slug)
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    lens = Lens() if words else Lens.of(request.GET)  # what is found stands in its own order
    if "application/json" in request.headers.get("Accept", ""):
        answer = JsonResponse({"order": order_of(webinar, lens, person, WINDOW * DESK_TIMES)})
        answer["Cache-Control"] = "private, no-store"  # the page at this address may be kept for everybody
        return answer
    voted = set(votes_of(person)) if person else set()
    reads = tuple(dict.fromkeys([*(person.reads if person else ()), *request.reads]))  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "webinar": webinar,
        "slug": slug,
        "me": person,
        "lens": lens,
        "words": words,
        "sorts": SORTS,
        "onlys": ONLY if person else ONLY[:2],
        "choices": choices_in(webinar),
        "fair_by": fair_in(webinar).by if lens.sort == "fair" else "",
        "reads": reads,
        "can_vote": person is not None and webinar.takes_votes and not person.muted_at,
        "still": person is None,
        "guide_url": reverse("knowledge:index"),
        "is_desk": person is not None and policies.can(person, "console", webinar),
        "back": request.get_full_path(),
    }
    context |= (
        _found(request, webinar, person, words, reads, voted)
        if words
        else _through(request, webinar, person, lens, voted)
    )
    plain = person is not None and person.way == Way.TEXT
    response = render(request, f"webinars/{'text_' if plain else ''}questions.html", context)
    if person is None:
        return conditional(request, response, webinar.seq, webinar.epoch, request.get_full_path())
    return response


def _through(
    request: HttpRequest, webinar: Webinar, person: Participant | None, lens: Lens, voted: set[int]
) -> dict[str, Any]:
    after = None
    if "after" in request.GET:
        published = Question.objects.filter(webinar=webinar).published()
        after = get_object_or_404(published, pk=_number(request.GET["after"]))
    page = page_of(webinar, lens, person, after)
    return {
        "shown": [Shown(_card(question, webinar, person, voted)) for question in page.questions],
        "next": f"?{'&'.join(filter(None, [lens.query, f'after={page.after}']))}" if page.after else "",
    }


def _found(
    request: HttpRequest,
    webinar: Webinar,
    person: Participant | None,
    words: str,
    reads: tuple[str, ...],
    voted: set[int],
) -> dict[str, Any]:
    """What the site's own search finds in this room. Whatever the index still says, only what one may see is shown."""
    audience = "everyone"
    if person is not None:
        speakers = webinar.speakers_see_pending
        audience = policies.audience_of(person, speakers_see_pending=speakers) or "everyone"
    scopes, seen = {PUBLIC, f"webinar:{webinar.pk}"}, {Visibility.PUBLISHED}
    if audience in BEHIND:
        scopes, seen = scopes | {f"staff:{webinar.pk}"}, seen | FOR_STAFF
    number = min(max(_number(request.GET.get("page", "")), 1), LAST_PAGE)
    results = find(words, scopes, reads=reads, under=found_here(webinar), page=number)
    hits = {_number(hit.parent.rpartition(":")[2]): hit for hit in results.hits}
    there = Question.objects.filter(webinar=webinar, pk__in=list(hits), visibility__in=seen)
    rows = {question.pk: question for question in there.with_all()}
    shown = [
        Shown(
            _card(rows[pk], webinar, person, voted, audience=audience),
            hit,
            rows[pk].visibility == Visibility.PUBLISHED,
        )
        for pk, hit in hits.items()
        if pk in rows
    ]
    sent = request.GET.copy()
    sent["page"] = str(number + 1)
    return {
        "shown": shown,
        "next": f"?{sent.urlencode()}" if results.more else "",
        "corrected": results.corrected,
    }


def _card(
    question: Question,
    webinar: Webinar,
    person: Participant | None,
    voted: set[int],
    audience: str = "everyone",
) -> Card:
    row = row_of(question, webinar)
    seen = row.everyone or row.seen_by(audience) or {}
    askers = {one.participant_id for one in (question, *question.merged)}
    return Card.of(seen, question.votes, any_of(voted, seen), person is not None and person.pk in askers)


def _number(typed: str) -> int:
    """0 for what is none: no question has it."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0

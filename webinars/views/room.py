"""The live room as a page: for participants, in words only, and further pages of its list."""

from typing import Any

from csp.decorators import csp_update
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from config.security import permissions_policy
from webinars.actions.people import enter_webinar
from webinars.live.changes import WINDOW
from webinars.live.reading import row_of
from webinars.models import Participant, Question, Way, Webinar
from webinars.stage import embed

from .room_page import Card, page_of
from .seats import find_webinar, seat_of
from .twin import votes_of


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The room; a POST chooses picture, sound or text. Without a seat one goes through the join page."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not webinar.has_room:
        return redirect("webinars:webinar", pk=pk, slug=slug)
    if request.method == "POST":
        return _choose_way(request, webinar, person, slug)
    player = embed.player(webinar.picture_provider, webinar.picture_id, person.way)
    context = page_of(request, webinar, person, slug)
    response = render(
        request, "webinars/room.html", context | {"player": player, "has_picture": _pictured(webinar)}
    )
    return _allow_frame(response, player) if player else response


@require_GET
def text_room(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The same room for a line that carries words only: no pictures, no fonts, works without a script."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not webinar.has_room:
        return redirect("webinars:webinar", pk=pk, slug=slug)
    context = page_of(request, webinar, person, slug)
    return render(request, "webinars/text_room.html", context | {"has_picture": _pictured(webinar)})


@require_GET
def more(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The list behind what the window holds: the questions after `?after=<id>`, in the list's order."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    questions = Question.objects.filter(webinar=webinar)
    after = request.GET.get("after", "")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    last = get_object_or_404(questions.published(), pk=known)
    same = Q(votes=last.votes)
    behind = (
        Q(votes__lt=last.votes)
        | same & Q(published_at__gt=last.published_at)
        | same & Q(published_at=last.published_at, pk__gt=last.pk)
    )
    found = list(questions.listed().filter(behind).with_all()[: WINDOW + 1])
    voted = set(votes_of(person))
    cards = []
    for question in found[:WINDOW]:
        row, own = row_of(question, webinar).everyone or {}, question.participant_id == person.pk
        cards.append(Card.of(row, question.votes, question.pk in voted, own))
    context = {
        "webinar": webinar,
        "slug": slug,
        "cards": cards,
        "reads": tuple(dict.fromkeys([*person.reads, *request.reads])),  # type: ignore[attr-defined]
        "can_vote": webinar.takes_votes and not person.muted_at,
        "guide_url": reverse("knowledge:index"),
        "after": found[WINDOW - 1].pk if len(found) > WINDOW else None,
        "back": request.get_full_path(),
    }
    return render(request, "webinars/more.html", context)


def _choose_way(request: HttpRequest, webinar: Webinar, person: Participant, slug: str) -> HttpResponse:
    way = request.POST.get("way", "")
    if way in Way.values:
        enter_webinar(webinar, person=person, way=way)
    return redirect("webinars:text_room" if way == Way.TEXT else "webinars:room", pk=webinar.pk, slug=slug)


def _pictured(webinar: Webinar) -> bool:
    return embed.player(webinar.picture_provider, webinar.picture_id, Way.PICTURE) is not None


def _allow_frame(response: HttpResponse, player: embed.Player) -> HttpResponse:
    """This page alone may frame that one provider, which must know where it is shown (else it refuses to play)."""
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if player.is_a_call:
        response.headers["Permissions-Policy"] = permissions_policy(player.origin)
    allowed: Any = csp_update({"frame-src": [player.origin]})
    return allowed(lambda: response)()  # type: ignore[no-any-return]

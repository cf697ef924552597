"""The live room as a page: for participants, and in words only."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from config.security import permissions_policy
from webinars.actions.people import enter_webinar
from webinars.missed import missed_by
from webinars.models import Participant, Way, Webinar
from webinars.stage import embed

from .room_page import Json, page_of
from .seats import find_webinar, seat_of
from .similar import of_the_one_just_asked


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
    context = _context(request, webinar, person, slug)
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
    context = _context(request, webinar, person, slug)
    context["config"]["endonyms"] = dict(context["content_languages"])
    return render(request, "webinars/text_room.html", context | {"has_picture": _pictured(webinar)})


def _context(request: HttpRequest, webinar: Webinar, person: Participant, slug: str) -> Json:
    """With what is told to somebody who comes back, and to somebody who just asked without a script."""
    told = {"missed": missed_by(webinar, person), **of_the_one_just_asked(request, webinar, person)}
    return page_of(request, webinar, person, slug) | told


def _choose_way(request: HttpRequest, webinar: Webinar, person: Participant, slug: str) -> HttpResponse:
    way = request.POST.get("way", "")
    if words := request.POST.get(
        "text", ""
    ).strip():  # the buttons are the composer's, too: nothing typed is lost
        request.session["unsent"] = {"webinar": webinar.pk, "box": "ask", "text": words[:8000]}
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

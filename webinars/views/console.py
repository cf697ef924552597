"""The moderators' console: what waits, what is published, what is on the floor, what was answered."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts import languages
from webinars import policies
from webinars.actions.lessons import may_draft
from webinars.live.changes import PUT_ASIDE
from webinars.live.verbs import DEEDS
from webinars.models.events import NEXT_STATES, State

from .joining import signed_in
from .room_page import Card, page_of
from .seats import find_webinar, seat_of

KINDS = ("review", "published", "answered", "aside")
# What a host presses while the room is open, and around it; the rest happens on the webinar's own pages.
STEPS = (State.LOBBY, State.LIVE, State.HOLD, State.WRAP_UP, State.ENDED, State.SCHEDULED)


@require_GET
def console(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For moderators and hosts alone; somebody else is told so, a stranger goes through the join page."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not policies.can(person, "console", webinar):
        raise PermissionDenied
    context = page_of(request, webinar, person, slug)
    rows, votes = context["rows"], context["snapshot"].get("votes", {})
    own = {question["id"] for question in context["config"]["mine"]["questions"]}

    def cards(ids: list[int]) -> list[Card]:
        return [Card.whole(rows[pk], votes.get(str(pk), 0), pk in own) for pk in ids if pk in rows]

    snapshot, header = context["snapshot"], context["header"]
    waiting = [pk for pk in snapshot["order"] if rows[pk]["floor"] == "waiting"]
    offered = dict(context["content_languages"])
    near = dict.fromkeys([*context["reads"], *webinar.languages, *languages.INTERFACE])
    context["config"] |= {"next_states": NEXT_STATES, "languages": offered}
    more: dict[str, Any] = {
        "review": cards(snapshot["review"]),
        "published": cards([*header["next"], *waiting]),
        "answered": cards(snapshot["answered"]),
        "aside": cards(snapshot["aside"]),
        "is_host": policies.can(person, "state", webinar),
        "do_url": reverse("webinars:do", kwargs={"pk": pk, "slug": slug}),
        "lesson_url": reverse("webinars:draft_lesson", kwargs={"pk": pk, "slug": slug}),
        "may_draft": may_draft(signed_in(request)),
        # The rows' own lists stay short: one stands in each of two hundred rows.
        "content_languages": [(code, languages.endonym(code)) for code in near],
        "near": near,
        "kinds": KINDS,
        "steps": STEPS,
        "deeds": sorted(DEEDS),
        "put_aside": sorted(PUT_ASIDE),
    }
    return render(request, "webinars/console.html", context | more)

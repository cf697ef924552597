"""What happened while one was away, as a page; the room takes its part of it after a gap (static/js/live/missed.js)."""

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from webinars.missed import missed_by, missed_since

from .seats import find_webinar, seat_of


@require_safe
def missed(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """`?since=<ms>`, or since one's last interval of attendance. For those in the room alone."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect("webinars:join", pk=pk, slug=slug)
    if not webinar.has_room:
        return redirect("webinars:webinar", pk=pk, slug=slug)
    since = _instant(request.GET.get("since", ""))
    found = missed_since(webinar, person, since) if since else missed_by(webinar, person)
    reads = tuple(dict.fromkeys([*person.reads, *request.reads]))  # type: ignore[attr-defined]
    context = {"webinar": webinar, "slug": slug, "me": person, "missed": found, "reads": reads, "whole": True}
    return render(request, "webinars/missed.html", context)


def _instant(typed: str) -> datetime | None:
    """Milliseconds since 1970, as a browser counts them; None for what is no such time."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 14):
        return None
    return datetime.fromtimestamp(int(typed) / 1000, tz=UTC)

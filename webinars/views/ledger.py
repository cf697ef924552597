"""The public record of how a webinar was moderated: numbers alone (webinars/ledger.py)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from webinars.addresses import slug_of
from webinars.ledger import KINDS, ledger_of

from .joining import reads_of
from .seats import find_webinar, seat_of


@require_safe
def ledger(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For whoever may read the questions themselves: everybody, or those who take part."""
    webinar = find_webinar(request, pk)
    if slug != slug_of(webinar):
        return redirect(reverse("webinars:ledger", kwargs={"pk": pk, "slug": slug_of(webinar)}))
    may_read = webinar.is_open_book or seat_of(request, webinar) is not None
    context = {
        "section": "webinars",
        "webinar": webinar,
        "slug": slug,
        "may_read": may_read,
        "ledger": ledger_of(webinar) if may_read else None,
        "kinds": KINDS,
        "reads": reads_of(request),
    }
    return render(request, "webinars/ledger.html", context)

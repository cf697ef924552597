"""The calendar entry of one webinar."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from webinars import ics
from webinars.addresses import absolute, address, slug_of
from webinars.models import State

from .seats import find_webinar


@require_safe
def calendar(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """webinar.ics: imported again after a change it replaces the entry, it does not add one."""
    webinar = find_webinar(request, pk)
    prefixes = {State.CANCELLED: gettext("Cancelled"), State.POSTPONED: gettext("Postponed")}
    prefix = prefixes.get(State(webinar.state), "")
    entry = ics.entry(
        webinar,
        language=get_language() or "en",
        url=absolute(address(webinar)),
        prefix=f"{prefix}: " if prefix else "",
    )
    if entry is None:
        raise Http404
    answer = HttpResponse(entry, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer["Content-Disposition"] = f'attachment; filename="{slug_of(webinar)}.ics"'
    return answer

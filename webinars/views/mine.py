"""The webinars of a person: those they host, and those they are in."""

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from webinars import policies
from webinars.models import Participant, Webinar

from .joining import signed_in
from .reading import listed, with_people

SHOWN = 50


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Drafts first, then what runs and comes, then what was."""
    user = signed_in(request)
    assert user is not None
    webinars = list(Webinar.objects.hosted_by(user)[:SHOWN])
    prefetch_related_objects(webinars, *with_people())
    order = {"draft": 0, "live": 1, "before": 2, "off": 3, "after": 4}
    rows = sorted((listed(one) for one in webinars), key=lambda one: order[one.phase])
    context = {"section": "webinars", "rows": rows, "may_create": policies.may_create(user)}
    return render(request, "webinars/mine.html", context)


def my_webinars_panel(request: HttpRequest, person: User) -> SafeString | str:
    """On one's own page: the webinars one is in, with one's link. "" when there are none."""
    seats = Participant.objects.present().filter(user=person).exclude(webinar__state="draft")
    rows = [
        (seat, listed(seat.webinar))
        for seat in seats.select_related("webinar").order_by("-webinar__day", "-pk")[:20]
    ]
    if not rows:
        return ""
    return render_to_string("webinars/_my_webinars.html", {"rows": rows}, request=request)

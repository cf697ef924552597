"""Rehearsing a webinar: making the sandbox, filling it with a made-up audience, and taking it away again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import languages
from accounts.models import User
from webinars.actions.deed import Refused, deed
from webinars.actions.rehearsals import (
    MOST_PEOPLE,
    MOST_QUESTIONS,
    MOST_VOTES,
    delete_rehearsal,
    make_rehearsal,
    start_audience,
    stop_audience,
)
from webinars.addresses import address, slug_of
from webinars.models import MadeUpAudience, Participant, Webinar

from .editing import hosted
from .joining import signed_in
from .room_page import Json
from .words import refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rehearsal(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Of a webinar: its sandboxes, and a new one. Of a sandbox: its audience, and its end."""
    webinar, seat = hosted(request, pk, "rehearse")
    user = signed_in(request)
    if user is None:
        raise PermissionDenied
    if request.method == "POST":
        try:
            return redirect(_do(request, webinar, seat, user))
        except Refused as refused:
            messages.error(request, refusal(refused.code, refused.facts))
            return redirect(address(webinar, "rehearsal"))
    context: Json = {"section": "webinars", "webinar": webinar, "slug": slug_of(webinar)}
    if webinar.is_rehearsal:
        context |= audience_of(webinar)
    else:
        mine = Webinar.objects.hosted_by(user)
        context["rehearsals"] = [(one, slug_of(one)) for one in mine.filter(rehearsal_of=webinar)]
    return render(request, "webinars/rehearsal.html", context)


def audience_of(webinar: Webinar) -> Json:
    """What the form of a rehearsal's audience is drawn from."""
    audience = MadeUpAudience.objects.filter(webinar=webinar).first() or MadeUpAudience(
        webinar=webinar, languages=[code for code in webinar.languages if code in languages.INTERFACE]
    )
    return {
        "audience": audience,
        "audience_goes": audience.is_going(),
        "audience_languages": [(code, languages.endonym(code)) for code in languages.INTERFACE],
        "most": {"people": MOST_PEOPLE, "questions": MOST_QUESTIONS, "votes": MOST_VOTES},
    }


def _do(request: HttpRequest, webinar: Webinar, seat: Participant, user: User) -> str:
    """Where to go when it is done. Raises Refused."""
    wanted = request.POST.get("do")
    if wanted == "make":
        made = make_rehearsal(webinar, by=user)
        messages.success(
            request,
            gettext("The sandbox is made. Only you and those of your team who have an account see it."),
        )
        return address(made, "console")
    with deed(webinar.pk, by=seat, user=user) as done:
        if wanted == "start":
            start_audience(
                done,
                people=_number(request, "people"),
                questions=_number(request, "questions"),
                votes=_number(request, "votes"),
                minutes=_number(request, "minutes"),
                languages=request.POST.getlist("languages"),
            )
        elif wanted == "stop":
            stop_audience(done)
        elif wanted == "delete":
            delete_rehearsal(done)
        else:
            raise Refused("malformed")
    if wanted == "delete":
        messages.success(request, gettext("The rehearsal is deleted."))
        assert webinar.rehearsal_of is not None
        return address(webinar.rehearsal_of, "rehearsal")
    messages.success(
        request,
        gettext("The audience is coming.") if wanted == "start" else gettext("The audience has stopped."),
    )
    return address(webinar, "console")


def _number(request: HttpRequest, name: str) -> int:
    """A number from a form; what is none is refused."""
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refused("malformed")
    return int(text)

"""The people of a webinar, for its hosts: inviting, personal links, roles, muting, removing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config import limits
from webinars.actions.conduct import meant, mute, remove, who_can_come_back
from webinars.actions.deed import Deed, Refused, deed
from webinars.actions.letters import INVITED, letter_later
from webinars.actions.people import change_person, invite, new_link
from webinars.addresses import address, link_of, slug_of
from webinars.forms.people import PersonForm
from webinars.models import Participant, Poll, Webinar

from .activity import picture_of
from .editing import hosted
from .joining import signed_in
from .words import refusal

A_PAGE = 50
LETTERS_A_WEBINAR = 300  # an hour


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Everybody with a part, with their links; those who came or registered behind them."""
    webinar, seat = hosted(request, pk, "people")
    form = PersonForm(request.POST if request.POST.get("do") == "invite" else None)
    if request.method == "POST":
        try:
            if request.POST.get("do") != "invite":
                with deed(webinar.pk, by=seat, user=signed_in(request)) as done:
                    _do(done, request.POST.get("do", ""), request.POST.get("person", ""))
                return redirect(address(webinar, "people"))
            if form.is_valid():
                with deed(webinar.pk, by=seat, user=signed_in(request)) as done:
                    person = invite(done, **form.details())
                    if form.cleaned_data["send"] and person.email:
                        _letter(webinar, person)
                messages.success(request, gettext("%(name)s is invited.") % {"name": person.name})
                return redirect(f"{address(webinar, 'people')}#person-{person.pk}")
        except Refused as refused:
            messages.error(request, refusal(refused.code, refused.facts))
            return redirect(address(webinar, "people"))
    return _page(request, webinar, seat, form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int, slug: str, person: int) -> HttpResponse:
    """One person: what is shown of them, and their part."""
    webinar, seat = hosted(request, pk, "people")
    found = get_object_or_404(Participant, webinar=webinar, pk=person)
    form = PersonForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            with deed(webinar.pk, by=seat, user=signed_in(request)) as done:
                change_person(done, found.pk, **form.details())
        except Refused as refused:
            form.add_error(None, refusal(refused.code, refused.facts))
        else:
            messages.success(request, gettext("Saved."))
            return redirect(f"{address(webinar, 'people')}#person-{found.pk}")
    context = {
        "section": "webinars",
        "webinar": webinar,
        "slug": slug_of(webinar),
        "form": form,
        "found": found,
    }
    return render(request, "webinars/person.html", context, status=422 if form.errors else 200)


def _do(done: Deed, verb: str, who: str) -> None:
    pk = int(who) if who.isascii() and who.isdigit() else 0
    if verb in ("mute", "mute_all", "unmute"):
        mute(done, meant(done, "mute", person=pk), on=verb != "unmute", things=verb == "mute_all")
    elif verb in ("remove", "restore"):
        remove(done, meant(done, "remove", person=pk), on=verb == "remove")
    elif verb == "new_link":
        new_link(done, pk)
    elif verb == "send":
        done.require("people")
        found = Participant.objects.present().filter(webinar=done.webinar, pk=pk).exclude(email="").first()
        if found is None:
            raise Refused("not_found")
        _letter(done.webinar, found)
    else:
        raise Refused("malformed")


def _letter(webinar: Webinar, person: Participant) -> None:
    if limits.allowed("invitations", webinar.pk, most=LETTERS_A_WEBINAR, seconds=3600):
        letter_later(person.pk, INVITED)


def _page(request: HttpRequest, webinar: Webinar, seat: Participant, form: PersonForm) -> HttpResponse:
    everybody = Participant.objects.filter(webinar=webinar)
    invited = [(one, link_of(one)) for one in everybody.present().exclude(invited_at=None).order_by("pk")]
    others = everybody.filter(invited_at=None).order_by("-joined_at", "-pk")
    if name := request.GET.get("q", "").strip()[:80]:
        others = others.filter(Q(name__icontains=name) | Q(email__icontains=name) | Q(place__icontains=name))
    context = {
        "section": "webinars",
        "webinar": webinar,
        "slug": slug_of(webinar),
        "seat": seat,
        "form": form,
        "invited": invited,
        "page": Paginator(others, A_PAGE).get_page(request.GET.get("page")),
        "wanted": name,
        "can_come_back": who_can_come_back(webinar),
        "activity": picture_of(webinar),
        "has_polls": Poll.objects.there().filter(webinar=webinar).exists(),
        "registered": everybody.present().exclude(registered_at=None).count(),
    }
    return render(request, "webinars/people.html", context, status=422 if form.errors else 200)

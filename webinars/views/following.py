"""For those who follow up what was promised: writing it down, putting it right, saying how it stands."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actions import find_or_add_organisation
from accounts.models import Organisation
from knowledge.actions import source_at
from knowledge.models import Source
from webinars import policies
from webinars.actions.deed import Refused, deed
from webinars.actions.promises import (
    change_promise,
    remove_promise,
    remove_stand,
    write_promise,
    write_stand,
)
from webinars.addresses import address, promise_address, slug_of
from webinars.forms.editing import best_names
from webinars.forms.joining import printable
from webinars.forms.promises import PromiseForm, SourceFields, StandForm
from webinars.models import Commitment, Webinar

from .joining import signed_in
from .promises import find_promise, number_in, page_of
from .seats import find_webinar, seat_of
from .words import refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stand(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Writes how it stood on a day, or takes such a line out."""
    found = find_promise(request, pk)
    _must_follow(request, found.webinar)
    if request.method != "POST":
        return redirect(f"{promise_address(found)}#write")
    form = StandForm(None if "remove" in request.POST else request.POST, promise=found)
    if form.is_bound and not form.is_valid():
        return page_of(request, found, form)
    sources = _sources(form) if form.is_bound else ()
    try:
        with deed(found.webinar_id, by=seat_of(request, found.webinar), user=signed_in(request)) as done:
            if form.is_bound:
                write_stand(done, found, form.stand(sources))
            else:
                remove_stand(done, found, number_in(request.POST["remove"]))
    except Refused as refused:
        messages.error(request, refusal(refused.code, refused.facts))
    else:
        messages.success(request, gettext("Saved."))
    return redirect(f"{promise_address(found)}#history")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Writes down what was promised in a webinar."""
    webinar = find_webinar(request, pk)
    _must_follow(request, webinar)
    form = PromiseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        more: dict[str, Any] = {"organisation": _organisation(form), "sources": _sources(form)}
        with deed(webinar.pk, by=seat_of(request, webinar), user=signed_in(request)) as done:
            made = write_promise(done, **form.facts(), **more)
        messages.success(request, gettext("Saved."))
        return redirect(promise_address(made))
    return _form_page(request, form, webinar, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Puts right what was written down of a promise, or removes what nobody promised."""
    found = find_promise(request, pk)
    _must_follow(request, found.webinar)
    if request.method == "POST" and "remove" in request.POST:
        with deed(found.webinar_id, by=seat_of(request, found.webinar), user=signed_in(request)) as done:
            remove_promise(done, found)
        messages.success(request, gettext("Removed."))
        return redirect(address(found.webinar))
    form = PromiseForm(request.POST if request.method == "POST" else None, promise=found)
    if form.is_valid():
        more: dict[str, Any] = {"organisation": _organisation(form), "sources": _sources(form)}
        with deed(found.webinar_id, by=seat_of(request, found.webinar), user=signed_in(request)) as done:
            change_promise(done, found, **form.facts(), **more)
        messages.success(request, gettext("Saved."))
        return redirect(promise_address(found))
    return _form_page(request, form, found.webinar, found)


def _must_follow(request: HttpRequest, webinar: Webinar) -> None:
    if not policies.may_follow(signed_in(request), seat_of(request, webinar), webinar):
        raise PermissionDenied


def _form_page(
    request: HttpRequest, form: PromiseForm, webinar: Webinar, promise: Commitment | None
) -> HttpResponse:
    context = {
        "section": "promises",
        "form": form,
        "webinar": webinar,
        "slug": slug_of(webinar),
        "promise": promise,
        "back": promise_address(promise) if promise else address(webinar),
        "known_organisations": best_names([one.names for one in Organisation.objects.all()]),
    }
    return render(request, "webinars/promise_form.html", context, status=422 if form.errors else 200)


def _sources(form: SourceFields) -> tuple[Source, ...]:
    """The source a form names, made where nobody has named it. A write of its own, before the deed."""
    said = form.cleaned_data
    if not said["source_url"]:
        return ()
    words = {name: printable(said[f"source_{name}"]) for name in ("title", "publisher", "year")}
    return (source_at(said["source_url"], **words),)


def _organisation(form: PromiseForm) -> Organisation | None:
    said = form.cleaned_data
    name = printable(said["institution"])
    return find_or_add_organisation(name, lang=get_language() or "en", country=said["country"])

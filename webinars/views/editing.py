"""Making, changing and copying a webinar, and the steps a host takes before it is live."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import find_or_add_organisation
from accounts.models import Organisation, User
from accounts.writing import writing
from webinars import policies
from webinars.actions.deed import Refused, deed
from webinars.actions.events import copy_webinar, create_webinar, edit_webinar, find_or_add_series
from webinars.actions.room import change_state
from webinars.addresses import address, slug_of
from webinars.forms.editing import WebinarForm, agenda_lines, agenda_set, best_names
from webinars.models import Participant, Role, Series, State, Webinar
from webinars.when import when_of

from .joining import signed_in
from .seats import find_webinar, seat_of
from .words import refusal

# What is pressed here; going live, pausing and ending are pressed in the console.
STEPS = (State.SCHEDULED, State.POSTPONED, State.CANCELLED, State.PUBLISHED)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new webinar: a draft that only its maker sees."""
    user = _person(request)
    if not policies.may_create(user):
        raise PermissionDenied
    form, agenda = _forms(request, None, user)
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        facts, organisations = _settled(form)
        made = create_webinar(by=user, organisations=organisations, agenda=agenda_lines(agenda), **facts)
        messages.success(request, gettext("Made. Only you see it until you announce it."))
        return redirect(address(made))
    return _page(request, "webinars/edit.html", form, agenda, webinar=None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Change everything that is said of a webinar."""
    webinar, seat = hosted(request, pk, "edit")
    form, agenda = _forms(request, webinar, signed_in(request))
    if request.method == "POST" and form.is_valid() and agenda.is_valid():
        facts, organisations = _settled(form)
        try:
            with deed(webinar.pk, by=seat, user=signed_in(request)) as done:
                edit_webinar(done, organisations=organisations, agenda=agenda_lines(agenda), **facts)
        except Refused as refused:
            form.add_error(None, refusal(refused.code, refused.facts))
        else:
            messages.success(request, gettext("Saved."))
            return redirect(address(Webinar.objects.get(pk=webinar.pk)))
    return _page(request, "webinars/edit.html", form, agenda, webinar=webinar)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The same once more: a draft with agenda, people and rules, without date and questions."""
    webinar, _ = hosted(request, pk, "copy")
    user = signed_in(request)
    if user is None:
        raise PermissionDenied
    if request.method == "POST":
        made = copy_webinar(webinar, by=user)
        messages.success(request, gettext("Copied. Give it a day, and look through the rest."))
        return redirect(address(made, "edit"))
    context = {"section": "webinars", "webinar": webinar, "slug": slug_of(webinar)}
    return render(request, "webinars/copy.html", context)


@require_POST
def state(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Announce, postpone, cancel, announce again; publish the archive, take it back."""
    webinar, seat = hosted(request, pk, "state")
    to = request.POST.get("to", "")
    try:
        if to not in (*STEPS, *steps_of(webinar)):
            raise Refused("malformed")
        with deed(webinar.pk, by=seat, user=signed_in(request)) as done:
            change_state(done, to)
    except Refused as refused:
        messages.error(request, refusal(refused.code, refused.facts))
    return redirect(address(webinar))


def hosted(request: HttpRequest, pk: int, verb: str) -> tuple[Webinar, Participant]:
    """A webinar and the person who may do this in it. Raises Http404 for drafts of others, PermissionDenied else."""
    seat = _seat_at(request, pk)
    webinar = seat.webinar if seat is not None and policies.can(seat, "edit") else find_webinar(request, pk)
    if seat is None or not policies.can(seat, verb, webinar):
        if webinar.state == State.DRAFT:
            raise Http404
        raise PermissionDenied
    return webinar, seat


def steps_of(webinar: Webinar) -> list[str]:
    """The presses that are open from where it stands."""
    steps = (State.ENDED,) if webinar.state == State.PUBLISHED else STEPS
    return [step for step in steps if step in webinar.next_states]


def _seat_at(request: HttpRequest, pk: int) -> Participant | None:
    webinar = Webinar.objects.filter(pk=pk).first()
    return seat_of(request, webinar) if webinar else None


def _person(request: HttpRequest) -> User:
    user = signed_in(request)
    if user is None:
        raise PermissionDenied
    return user


def _forms(request: HttpRequest, webinar: Webinar | None, user: User | None) -> tuple[WebinarForm, Any]:
    data = request.POST if request.method == "POST" else None
    form = WebinarForm(
        data, webinar=webinar, zone=user.zone if user else "",
        known_organisations=best_names([one.names for one in Organisation.objects.all()]),
        known_series=best_names([one.name for one in Series.objects.all()]),
    )  # fmt: skip
    items = list(webinar.agenda.prefetch_related("speakers")) if webinar else []
    speakers = Participant.objects.present().filter(webinar=webinar).with_role(Role.SPEAKER).order_by("pk")
    return form, agenda_set(data, items, list(speakers) if webinar else [])


def _settled(form: WebinarForm) -> tuple[dict[str, Any], list[Organisation]]:
    """The facts with the series, and the organisations: those that are new are added first."""
    language = get_language() or "en"
    with writing():
        series = find_or_add_series(form.cleaned_data["series"], lang=language)
        found = [find_or_add_organisation(text, lang=language) for text in form.cleaned_data["organisations"]]
    return form.facts() | {"series": series}, [one for one in found if one is not None]


def _page(
    request: HttpRequest, template: str, form: WebinarForm, agenda: Any, *, webinar: Webinar | None
) -> HttpResponse:
    context = {
        "section": "webinars",
        "form": form,
        "agenda": agenda,
        "webinar": webinar,
        "slug": slug_of(webinar) if webinar else "",
        "steps": steps_of(webinar) if webinar else [],
        "when": when_of(webinar) if webinar else None,
    }
    return render(
        request, template, context, status=422 if form.errors or agenda.total_error_count() else 200
    )

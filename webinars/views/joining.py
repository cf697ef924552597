"""Coming in: the join page, the digits of a code, the portable link, "I will attend", and leaving again."""

import math
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import renew_session
from accounts.middleware import READS_COOKIE, front_language
from accounts.models import User
from accounts.writing import writing
from config import limits
from webinars.actions.deed import Refused
from webinars.actions.letters import LINK, letter_later
from webinars.actions.people import enter_webinar, register
from webinars.actions.uniting import unite
from webinars.addresses import address, link_of, slug_of
from webinars.forms.joining import CODE_DIGITS, AttendForm, JoinForm, digits
from webinars.live.admission import SEATS
from webinars.models import Entry, Participant, State, Way, Webinar
from webinars.when import when_of

from .seats import find_webinar, seat_of, take_seat

# One address may be a ministry: only nine digits that are no code count, for a slip of the finger guesses nothing.
# 200 in ten minutes are 28,800 a day; at nine digits they find one of ten rooms in ten years, and 10⁴ one in 10⁴ times.
WRONG_CODES, WRONG_SPAN = 200, 600
LETTERS_A_PEER, LETTERS_AN_ADDRESS, LETTERS_SPAN = 60, 3, 3600
A_YEAR = 60 * 60 * 24 * 365


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Who enters, and how. Small on purpose: it is the first page on a poor line."""
    webinar = find_webinar(request, pk)
    person, user = seat_of(request, webinar), signed_in(request)
    shut = why_shut(webinar, person, user) or ("removed" if _was_removed(request, webinar, user) else "")
    form = JoinForm(
        request.POST if request.method == "POST" and not shut else None,
        webinar=webinar, person=person, reads=reads_of(request),
        name=user.name if user else "", way=_thrifty(request),
    )  # fmt: skip
    if form.is_valid():
        try:
            person = enter_webinar(webinar, person=person, user=user, **form.details())
        except Refused as refused:  # it was closed while they typed
            shut = refused.code
        else:
            take_seat(request, person)
            return _remembering(to_room(webinar, person), person)
    context = {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "seat": person,
        "form": form,
        "shut": shut,
        "when": when_of(webinar),
    }
    status = 403 if shut and request.method == "POST" else 422 if form.errors else 200
    return render(request, "webinars/join.html", context, status=status)


@require_GET
def by_code(request: HttpRequest) -> HttpResponse:
    """The digits somebody dictated or wrote on a board lead to the join page."""
    typed = request.GET.get("code", "").strip()[:40]
    if not typed:
        return render(request, "webinars/code.html", {"typed": ""})
    peer = limits.peer(request)
    if limits.used_up("code", peer, most=WRONG_CODES):
        context = {"typed": typed, "wait": math.ceil(WRONG_SPAN / 60)}
        answer = render(request, "webinars/code.html", context, status=429)
        answer["Retry-After"] = str(WRONG_SPAN)
        return answer
    number = digits(typed)
    is_guess = len(number) == CODE_DIGITS
    found = Webinar.objects.public().filter(join_code=number).first() if is_guess else None
    if found is None:
        if is_guess:
            limits.count("code", peer, seconds=WRONG_SPAN)
        return render(request, "webinars/code.html", {"typed": typed, "wrong": True}, status=404)
    return redirect(address(found, "join"))


@require_GET
def by_code_short(request: HttpRequest, code: str = "") -> HttpResponse:
    """/j/123456789, and /j where the digits are typed: short enough for a wall; the language is the reader's."""
    with translation.override(front_language(request)):
        there = reverse("webinars:code")
    return redirect(f"{there}?{urlencode({'code': code})}" if code else there)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """ "I will attend": the link and the calendar entry go to the address, which alone proves whose it is."""
    webinar = find_webinar(request, pk)
    user, person = signed_in(request), seat_of(request, webinar)
    if webinar.state not in (State.SCHEDULED, State.LOBBY, State.LIVE, State.HOLD, State.WRAP_UP):
        return redirect(address(webinar))
    form = AttendForm(
        request.POST if request.method == "POST" and user is None else None,
        webinar=webinar, reads=reads_of(request),
    )  # fmt: skip
    shut = "not_invited" if webinar.entry == Entry.INVITED and person is None else ""
    if request.method == "POST" and not shut and (user is not None or form.is_valid()):
        details: dict[str, Any] = {"email": user.email} if user is not None else form.details()
        shut = _too_many_letters(request, webinar, details["email"])
        if not shut:
            try:
                register(webinar, user=user, person=person, **details)
            except Refused as refused:
                shut = refused.code
        if not shut:
            request.session["attending"] = {"webinar": webinar.pk, "email": details["email"]}
            return redirect(address(webinar, "attending"))
    context = {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "form": form,
        "shut": shut,
        "when": when_of(webinar),
        "seat": person,
    }
    return render(request, "webinars/attend.html", context, status=429 if shut == "too_fast" else 200)


@never_cache
@require_GET
def attending(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """What happens now: the same words whether the address was new or known."""
    webinar = find_webinar(request, pk)
    told = request.session.get("attending", {})
    if told.get("webinar") != webinar.pk:
        return redirect(address(webinar, "attend"))
    context = {"webinar": webinar, "slug": slug_of(webinar), "email": told["email"], "when": when_of(webinar)}
    return render(request, "webinars/attending.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_link(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One's own portable link, to copy or to send to oneself."""
    webinar = find_webinar(request, pk)
    person = seat_of(request, webinar)
    if person is None:
        return redirect(address(webinar, "join"))
    email = str(request.POST.get("email") or person.email or (person.user.email if person.user else ""))
    wrong = ""
    if request.method == "POST":
        wrong = _send_link(request, webinar, person, email.strip().lower())
        if not wrong:
            return redirect(address(webinar, "my_link"))
    context = {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "seat": person,
        "link": link_of(person),
        "email": email,
        "wrong": wrong,
    }
    return render(request, "webinars/my_link.html", context, status=429 if wrong == "too_fast" else 200)


@require_POST
def leave(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """ "Not you?": this browser is nobody in this webinar any more. What was asked stays with who asked it."""
    webinar = find_webinar(request, pk)
    seats = dict(request.session.get(SEATS, {}))
    if seats.pop(str(webinar.pk), None) is not None:
        request.session[SEATS] = seats
        renew_session(request.session)
    return redirect(address(webinar, "join"))


def seats_become_theirs(request: HttpRequest, user: User) -> None:
    """A guest signed in: what they did in this browser is theirs. A seat of somebody else's account is given up."""
    seats = dict(request.session.get(SEATS, {}))
    if not seats:
        return
    kept: dict[str, int] = {}
    for guest in Participant.objects.present().filter(pk__in=seats.values()):
        if guest.user_id in (None, user.pk):
            kept[str(guest.webinar_id)] = unite(guest, user).pk
    request.session[SEATS] = kept


def why_shut(webinar: Webinar, person: Participant | None, user: User | None) -> str:
    """Why nobody, or not this person, can enter: a code the templates have words for, or ""."""
    if webinar.state in (State.DRAFT, State.POSTPONED, State.CANCELLED, State.PUBLISHED):
        return str(webinar.state)
    if person is None and webinar.entry == Entry.INVITED:
        return "not_invited"
    if person is None and user is None and webinar.entry == Entry.REGISTERED:
        return "not_registered"
    return ""


def to_room(webinar: Webinar, person: Participant) -> HttpResponseRedirect:
    return redirect(address(webinar, "text_room" if person.way == Way.TEXT else "room"))


def signed_in(request: HttpRequest) -> User | None:
    """Who is signed in, or None; touches no session where there is no cookie."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
        return request.user if request.user.is_authenticated else None
    return None


def reads_of(request: HttpRequest) -> tuple[str, ...]:
    reads: tuple[str, ...] = getattr(request, "reads", ())
    return reads or (get_language() or "en",)


def _thrifty(request: HttpRequest) -> str:
    """Browsers that are told to save data say so."""
    return Way.TEXT if request.headers.get("Save-Data", "").lower() == "on" else Way.PICTURE


def _was_removed(request: HttpRequest, webinar: Webinar, user: User | None) -> bool:
    """Somebody a host sent out does not come in again by the same browser or account."""
    people = Participant.objects.filter(webinar=webinar).exclude(removed_at=None)
    if user is not None:
        return people.filter(user=user).exists()
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    held = request.session.get(SEATS, {}).get(str(webinar.pk))
    return held is not None and people.filter(pk=held).exists()


def _remembering(answer: HttpResponseRedirect, person: Participant) -> HttpResponseRedirect:
    """The languages said here hold for the other pages on this device, too."""
    answer.set_cookie(
        READS_COOKIE, ".".join(person.reads), max_age=A_YEAR,
        secure=settings.HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


def _too_many_letters(request: HttpRequest, webinar: Webinar, email: str) -> str:
    mine = limits.allowed("letters", limits.peer(request), most=LETTERS_A_PEER, seconds=LETTERS_SPAN)
    theirs = limits.allowed(
        "letters-to", f"{webinar.pk}:{email}", most=LETTERS_AN_ADDRESS, seconds=LETTERS_SPAN
    )
    return "" if mine and theirs else "too_fast"


def _send_link(request: HttpRequest, webinar: Webinar, person: Participant, email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        return "no_address"
    if wait := _too_many_letters(request, webinar, email):
        return wait
    with writing():
        letter_later(person.pk, LINK, to=email)
    messages.success(request, gettext("On its way to %(email)s.") % {"email": email})
    return ""

"""The first-run page: it makes a nobody's site somebody's. Without its code, and on any later day, it is not there."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from config import first_run, limits, site_settings
from config.actions import TooLate, open_site
from config.languages import asked_for
from config.mail_test import Outcome, try_mail
from config.opening import CodeForm, OpeningForm

HELD = "setup_code"  # in the session of whoever has shown the code
TRIES, SPAN = 10, 60  # wrong codes from one address in so many seconds


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    wanted = first_run.code()
    if not wanted:
        raise Http404
    if not first_run.fits(str(request.session.get(HELD, "")), wanted):
        return _code(request, wanted)
    site = site_settings.look_again()
    if request.method != "POST":
        return _page(request, OpeningForm(site=site, zone=getattr(request, "zone", "")))
    if request.POST.get("do") == "mail":
        return _try(request, OpeningForm(request.POST, request.FILES, site=site))
    form = OpeningForm(request.POST, request.FILES, site=site)
    if form.is_valid() and (answer := _opened(request, form, wanted)):
        return answer
    return _page(request, form)


def door(request: HttpRequest) -> HttpResponse:
    """The address the terminal prints has no language in it."""
    with translation.override(asked_for(request)):
        there = redirect("site:setup")
    query = request.GET.urlencode()
    there["Location"] += f"?{query}" if query else ""
    return there


def _code(request: HttpRequest, wanted: str) -> HttpResponse:
    """The door: the code, typed or brought along in the address. It is taken by POST only."""
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    status = 200
    if request.method == "POST" and form.is_valid():
        peer = limits.peer(request)
        if limits.used_up("setup", peer, most=TRIES):
            form.add_error(
                None, gettext("That was tried many times in a short while. Wait a minute, then try again.")
            )
            status = 429
        elif first_run.fits(form.cleaned_data["code"], wanted):
            request.session.cycle_key()
            request.session[HELD] = wanted
            return redirect("site:setup")
        else:
            limits.count("setup", peer, seconds=SPAN)
            form.add_error("code", gettext("This is not the code. It stands where the site was started."))
    return render(request, "site/code.html", {"form": form}, status=status)


def _opened(request: HttpRequest, form: OpeningForm, wanted: str) -> HttpResponse | None:
    try:
        user = open_site(
            code=wanted, reads=[translation.get_language() or "en"], site=form.facts(), **form.administrator()
        )
    except TooLate:
        raise Http404 from None
    except IntegrityError:
        form.add_error(
            "email", gettext("Somebody has an account with this address already. Choose another one.")
        )
        return None
    site_settings.look_again()
    request.session.flush()
    get_adapter(request).login(request, user)
    messages.success(
        request, gettext("The site is open. What it still needs before others come stands below.")
    )
    return redirect("site:health")


def _try(request: HttpRequest, sent: OpeningForm) -> HttpResponse:
    """A test letter, and the same page again with all that was typed: nobody is told what is missing yet."""
    form = OpeningForm(site=sent.site, initial=sent.typed())
    address, wrong = sent.address()
    if wrong:
        return _page(request, form, outcome=Outcome(False, wrong))
    return _page(request, form, outcome=try_mail(address, language=translation.get_language() or "en"))


def _page(request: HttpRequest, form: OpeningForm, **more: Any) -> HttpResponse:
    return render(request, "site/setup.html", {"form": form, **more})

"""The settings of the site, for those who administer it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.policies import can
from config import site_settings
from config.actions import change_site
from config.forms import SiteForm

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Others are asked to sign in, or told that it is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User) or not can(request.user, "change site"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


@for_administrators
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    site = site_settings.look_again()
    form = SiteForm(request.POST or None, request.FILES or None, site=site)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        change_site(by=request.user, **form.facts())
        messages.success(request, gettext("Saved."))
        return redirect("site:settings")
    return render(request, "site/settings.html", {"form": form, "tab": "settings"})

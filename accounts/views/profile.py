"""A person's own page, and the choice of languages for people who have no account."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import languages
from accounts.actions import update_profile
from accounts.forms import ProfileForm, ReadingForm
from accounts.middleware import READS_COOKIE
from accounts.models import User
from accounts.panels import profile_panels

A_YEAR = 60 * 60 * 24 * 365


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = User.objects.select_related("organisation").get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        update_profile(person, by=person, **form.details())
        messages.success(request, gettext("Saved."))
        return redirect("accounts:profile")
    panels = [panel for make in profile_panels if (panel := make(request, person))]
    # Not "person": that is who is signed in, as base.html shows them, also while the form has errors.
    return render(request, "accounts/profile.html", {"form": form, "panels": panels, "email": person.email})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest) -> HttpResponse:
    """Keeps the choice in a cookie of this device only; nothing is stored on our side."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    chosen = [code for code in request.COOKIES.get(READS_COOKIE, "").split(".") if languages.valid(code)]
    form = ReadingForm(
        request.POST or None, initial={"reads": chosen or [get_language()], "next": _local(request, wanted)}
    )
    if request.method == "POST" and form.is_valid():
        answer = redirect(_local(request, wanted))
        answer.set_cookie(
            READS_COOKIE, ".".join(form.cleaned_data["reads"]), max_age=A_YEAR,
            secure=settings.HTTPS, httponly=True, samesite="Lax",
        )  # fmt: skip
        return answer
    return render(request, "accounts/reading.html", {"form": form})


def _local(request: HttpRequest, wanted: str) -> str:
    return wanted if get_adapter(request).is_safe_url(wanted) else resolve_url(settings.LOGIN_REDIRECT_URL)

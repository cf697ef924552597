"""The front door: `/` leads to the front page in the reader's own language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.middleware import READS_COOKIE
from config.languages import asked_for, offered


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """By choice if one was made on this device or in the profile, else by what the browser asks for."""
    with translation.override(front_language(request)):
        answer = redirect(reverse("webinars:home"))
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def front_language(request: HttpRequest) -> str:
    """The interface language for somebody whose address does not say one."""
    chosen: list[str] = []
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        chosen += request.user.reads
    chosen += request.COOKIES.get(READS_COOKIE, "").split(".")
    bases = (code.split("-")[0].lower() for code in chosen)
    known = offered()
    return next((code for code in bases if code in known), asked_for(request))

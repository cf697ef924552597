"""The front door: `/` leads to the front page in the reader's own language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.middleware import front_language


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """By choice if one was made on this device or in the profile, else by what the browser asks for."""
    with translation.override(front_language(request)):
        answer = redirect(reverse("webinars:home"))
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer

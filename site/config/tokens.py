"""The token a form needs, given when it is first used: public pages carry none, so that they can be cached."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@require_GET
@never_cache
def token(request: HttpRequest) -> JsonResponse:
    """`{"token": …}`, and its cookie. Only our own pages can read the answer (same origin)."""
    return JsonResponse({"token": get_token(request)})

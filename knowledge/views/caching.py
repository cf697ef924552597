"""Who reads, and whether they have the page already. How long it may be kept is decided for the whole site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from accounts.models import User
from knowledge.reading import fingerprint


def signed_in(request: HttpRequest) -> User | None:
    """The person, or None. Without a session cookie the session is not touched, so that none is promised."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
        return None
    return request.user


def reads(request: HttpRequest) -> tuple[str, ...]:
    """The languages the reader reads, the interface's first."""
    chosen: tuple[str, ...] = getattr(request, "reads", ("en",))
    return chosen


def conditional(
    request: HttpRequest, response: HttpResponse, *shown: object, changed: float | None = None
) -> HttpResponseBase:
    """The response with an ETag of what it shows, or 304 when the reader has just that."""
    person = signed_in(request)
    tag = fingerprint(settings.STATIC_HASH, reads(request), person and person.pk, *shown)
    response["ETag"] = tag
    if changed and not person:
        response["Last-Modified"] = http_date(changed)
    return get_conditional_response(request, tag, None, response) or response

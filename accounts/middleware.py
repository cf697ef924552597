"""What is known about the reader of a page: the languages they read, and their time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language

from accounts import languages
from config.languages import asked_for, offered
from config.site_settings import current

READS_COOKIE = "reads"
ZONE_COOKIE = "zone"


class ReaderMiddleware:
    """Sets request.reads (tuple, the interface language first) and request.zone (IANA name or "").

    Where the zone is not known, the site's own is the one that bare times on a page are in.

    Synchronous on purpose: being the innermost, it keeps the whole chain in one thread under ASGI. A request
    without a session cookie never touches the session, so public pages stay cacheable.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reads, zone = read(request)
        request.reads, request.zone = reads, zone  # type: ignore[attr-defined]
        timezone.activate(ZoneInfo(zone or current().zone))
        return self.get_response(request)


def read(request: HttpRequest) -> tuple[tuple[str, ...], str]:
    """Languages: the address's, then the signed-in person's, then those chosen on this device."""
    codes = [get_language() or settings.LANGUAGE_CODE]
    zone = ""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        codes += request.user.reads
        zone = request.user.zone
    codes += [code for code in request.COOKIES.get(READS_COOKIE, "").split(".")[:12] if languages.valid(code)]
    zone = zone or languages.canonical_zone(request.COOKIES.get(ZONE_COOKIE, ""))
    return tuple(dict.fromkeys(codes)), zone


def front_language(request: HttpRequest) -> str:
    """The interface language for somebody whose address does not say one."""
    chosen: list[str] = []
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        chosen += request.user.reads
    chosen += request.COOKIES.get(READS_COOKIE, "").split(".")
    bases = (code.split("-")[0].lower() for code in chosen)
    known = offered()
    return next((code for code in bases if code in known), asked_for(request))

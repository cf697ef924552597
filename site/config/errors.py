"""What people read when something cannot be: in our look, in their language, and with what they typed.

These pages ask no database, for it may be what is wrong; only those of a wrong address wear the site's own head.
"""

import errno
import logging
import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation

from config.kept import Kept, kept
from config.languages import spoken
from config.site_settings import at_hand

log = logging.getLogger("sild.request")

FULL, BUSY = "full", "busy"
WAIT = {FULL: 120, BUSY: 5}  # seconds until it makes sense to try again
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What SQLite says to a question that is wrong in itself: a fault of ours, and no use in waiting.
OUR_FAULT = ("no such ", "syntax error", "has no column", "misuse")
DEPTH = 6  # of errors that came of errors


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls everything suspicious 400; what is only too large is 413 and says so."""
    if isinstance(exception, TOO_LARGE):
        return _alone(request, "413.html", 413)
    return _alone(request, "400.html", 400, wrong_name=isinstance(exception, DisallowedHost))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _alone(request, "403_csrf.html", 403, kept=kept(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """A failure of ours (500), or a disk or database that cannot take it just now (503).

    No query, and no detail but the number by which we find it in the log (S8).
    """
    number = getattr(request, "id", "")
    why = trouble(sys.exc_info()[1])
    log.error("request %s failed%s: %s %r", number, f" ({why})" if why else "", request.method, request.path)
    try:
        if not why:
            return _alone(request, "500.html", 500, request_id=number)
        return _unavailable(request, why)
    except Exception:  # whatever broke the page may have broken templates too
        log.exception("request %s: the page for failures failed", number)
        page = f"<!doctype html><title>500</title><p>Something broke on our side: {number}"
        return HttpResponse(page, status=500)


def trouble(error: BaseException | None) -> str:
    """ "full" or "busy" when waiting helps, "" when it is a fault; looks at what an error came of as well."""
    for _ in range(DEPTH):
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return FULL
        if isinstance(error, (OperationalError, InterfaceError)):
            said = str(error).lower()
            if "is full" in said or "no space left" in said:
                return FULL
            return "" if any(words in said for words in OUR_FAULT) else BUSY
        if error is None:
            break
        error = error.__cause__ or error.__context__
    return ""


def _unavailable(request: HttpRequest, why: str) -> HttpResponse:
    if "text/html" in request.headers.get("Accept", "text/html"):
        answer: HttpResponse = _alone(request, "503.html", 503, why=why, kept=kept(request))
    else:
        answer = JsonResponse({"error": "not_saved" if why == FULL else "unavailable"}, status=503)
    answer.headers["Retry-After"] = str(WAIT[why])
    return answer


def _alone(request: HttpRequest, template: str, status: int, **facts: Any) -> HttpResponse:
    """A page that needs nothing but its template: no session, no query, not even a language chosen before."""
    language = spoken(request.path_info, request.headers.get("Accept-Language", ""))
    with translation.override(language):
        site = at_hand()
        known = {"site_name": site.called(language), "contact_email": site.contact_email}
        again = request.get_full_path() if request.method in ("GET", "HEAD") else ""
        # The request goes along for nothing but the token that is needed: context processors would ask who it is.
        return HttpResponse(render_to_string(template, {**known, "again": again, **facts}), status=status)


class Explained:
    """Gives answers without a word (405 and its like) the page a person can read; scripts get them as they are."""

    PAGES = {403: "403.html", 404: "404.html", 405: "405.html", 429: "429.html"}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        template = self.PAGES.get(answer.status_code)
        wordless = isinstance(answer, HttpResponse) and not answer.content
        if template and wordless and "text/html" in request.headers.get("Accept", ""):
            assert isinstance(answer, HttpResponse)
            answer.content = render_to_string(template, request=request).encode()
            answer.headers["Content-Type"] = "text/html; charset=utf-8"
        return answer


__all__ = ["Explained", "Kept", "bad_request", "csrf_failure", "server_error", "trouble"]

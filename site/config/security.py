"""What every answer of the site carries for safety: headers, caching, and a request id for failures."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from structlog.contextvars import bound_contextvars

log = logging.getLogger("sild.request")

# Devices a speaker's page uses itself; everything that nobody uses is off. What embedded players need for
# playing stays open, because `frame-src` and the frame's own allow= already say which player.
_OWN = ("camera", "microphone", "display-capture", "screen-wake-lock", "clipboard-write")
_PLAYERS = ("autoplay", "fullscreen", "picture-in-picture", "encrypted-media")
_OFF = (
    "accelerometer",
    "browsing-topics",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "midi",
    "payment",
    "usb",
)


def permissions_policy(frame_origin: str = "") -> str:
    """The Permissions-Policy value; with `frame_origin`, that embedded room may use the camera too."""
    own = f'(self "{frame_origin}")' if frame_origin else "(self)"
    who = dict.fromkeys(_OWN, own) | dict.fromkeys(_PLAYERS, "*") | dict.fromkeys(_OFF, "()")
    return ", ".join(f"{name}={allowed}" for name, allowed in who.items())


def static_headers() -> dict[str, str]:
    """For answers that Django never sees (static files, video): the ASGI front adds these."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY or "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": permissions_policy(),
        # A file opened by itself (an SVG, say) runs nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; sandbox",
    }
    if settings.SECURE_HSTS_SECONDS:
        age = settings.SECURE_HSTS_SECONDS
        headers["Strict-Transport-Security"] = f"max-age={age}; includeSubDomains; preload"
    return headers


class HeadersMiddleware:
    """Adds the headers Django has no setting for, and decides who may keep a copy of a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        start = time.perf_counter()
        with bound_contextvars(request_id=request.id):  # type: ignore[attr-defined]
            response = self.get_response(request)
            log.info(
                "%s %s: %d",
                request.method,
                request.path,
                response.status_code,
                extra={"ms": round((time.perf_counter() - start) * 1000, 1)},
            )
        headers = response.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", permissions_policy())
        headers.setdefault("X-Request-ID", request.id)  # type: ignore[attr-defined]
        decide_caching(request, response)
        return response


def decide_caching(request: HttpRequest, response: HttpResponseBase) -> None:
    """Pages of somebody with a session are never stored; public ones may be, but are asked about."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies:
        response.headers["Cache-Control"] = "private, no-store"
    elif request.method in ("GET", "HEAD") and response.status_code < 500:
        response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(response, ["Cookie"])

"""Checks of how the site is reached from outside, and of the letters it sends."""

import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage
from django.http.request import validate_host
from django.utils.translation import gettext as _

from config.checks import Check, error, warning

LOCAL = ("localhost", "127.0.0.1", "::1")
SECONDS = 1.0  # a machine answers itself at once or never


def address() -> list[CheckMessage]:
    where = urlsplit(settings.SITE_URL)
    if settings.QUICKSTART:
        return []
    if _is_local(where.hostname):
        return warning(
            11,
            _("Links in letters and calendars lead to %(address)s, which only this machine can open.")
            % _facts(),
            _("Set SITE_URL to the address people type, for instance https://webinars.example.org"),
        )
    if not validate_host(where.hostname or "", settings.ALLOWED_HOSTS):
        return warning(
            13,
            _("Links in letters lead to %(host)s, under which this site does not answer.") % _facts(),
            _("Add it to ALLOWED_HOSTS, or mend SITE_URL."),
        )
    return []


def encryption() -> list[CheckMessage]:
    where = urlsplit(settings.SITE_URL)
    if settings.QUICKSTART or _is_local(where.hostname):
        return []
    if not settings.HTTPS and where.scheme == "http":
        return warning(
            10,
            _("People come without encryption (http): no browser will give them a camera or a microphone."),
            _(
                "Put a web server with a certificate in front, then set HTTPS=1, SITE_URL=https://… and TRUSTED_PROXY."
            ),
        )
    if (where.scheme == "https") != settings.HTTPS:
        return warning(
            12,
            _("HTTPS is %(on)s, but SITE_URL begins with %(scheme)s: links take a detour, or sign-in fails.")
            % {"on": int(settings.HTTPS), "scheme": f"{where.scheme}://"},
            _("Set HTTPS=1 and let SITE_URL begin with https://"),
        )
    return []


def proxy() -> list[CheckMessage]:
    if not settings.HTTPS or settings.TRUSTED_PROXY:
        return []
    return error(
        4,
        _("HTTPS is 1, but no proxy is trusted: every page will lead to itself for ever."),
        _("Set TRUSTED_PROXY to the address of the web server in front, for instance 127.0.0.1"),
    )


def letters() -> list[CheckMessage]:
    if settings.QUICKSTART:
        return []
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return warning(
            14,
            _("This site sends no letters: nobody gets an invitation, a personal link or a new password."),
            _mail_hint(),
        )
    if settings.EMAIL_HOST in LOCAL and not _answers(settings.EMAIL_HOST, settings.EMAIL_PORT):
        return warning(
            14,
            _(
                "No mail server answers at %(server)s: nobody gets an invitation, a personal link or a new password."
            )
            % {"server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"},
            _mail_hint(),
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip("> ").endswith("@localhost"):
        return warning(
            15,
            _("Letters come from %(sender)s: most mail servers will not take them.")
            % {"sender": settings.DEFAULT_FROM_EMAIL},
            _("Set DEFAULT_FROM_EMAIL to an address of your institution."),
        )
    return []


def debugging() -> list[CheckMessage]:
    if not settings.DEBUG or settings.QUICKSTART:
        return []
    return error(
        5,
        _("DEBUG is 1: strangers are shown how this site is made, and passwords in its memory."),
        _("Leave DEBUG out, or set it to 0."),
    )


def _mail_hint() -> str:
    return _("Set EMAIL_URL to your mail server, for instance smtp+tls://user:password@mail.example.org:587")


def _facts() -> dict[str, str]:
    return {"address": settings.SITE_URL, "host": urlsplit(settings.SITE_URL).hostname or ""}


def _is_local(host: str | None) -> bool:
    return host is None or host in LOCAL or host.endswith(".localhost")


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            return True
    except OSError:
        return False


CHECKS: tuple[Check, ...] = (proxy, debugging, address, encryption, letters)

"""The letters quickstart did not send: read here, on this machine only."""

import email
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.backends import from_this_machine

NEWEST = 200


@dataclass(frozen=True)
class Letter:
    """One message of a file that Django's file backend wrote."""

    name: str
    part: int
    subject: str
    to: str
    sent: datetime | None
    text: str


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    _only_here(request)
    files = sorted(_files(), reverse=True)[:NEWEST]
    found = [letter for file in files for letter in reversed(_read(file))]
    return render(request, "accounts/letters.html", {"letters": found})


@require_safe
def letter(request: HttpRequest, name: str, part: int) -> HttpResponse:
    _only_here(request)
    for file in _files():  # by comparing with what is there: no name from outside becomes a path
        if file.name == name:
            for one in _read(file):
                if one.part == part:
                    return render(request, "accounts/letter.html", {"letter": one})
    raise Http404


def _only_here(request: HttpRequest) -> None:
    if not (settings.QUICKSTART and from_this_machine(request)):
        raise Http404


def _files() -> list[Path]:
    return list(Path(settings.MAIL_DIR).glob("*.log"))


def _read(file: Path) -> list[Letter]:
    parts = re.split(rb"^-{79}\n", file.read_bytes(), flags=re.MULTILINE)
    return [_letter(file.name, part, raw) for part, raw in enumerate(parts) if raw.strip()]


def _letter(name: str, part: int, raw: bytes) -> Letter:
    message = email.message_from_bytes(raw, policy=modern)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    sent = parsedate_to_datetime(str(message["date"])) if message["date"] else None
    text = body.get_content() if body else ""
    return Letter(name, part, str(message["subject"] or ""), str(message["to"] or ""), sent, text)

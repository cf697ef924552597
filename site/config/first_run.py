"""The first day of a site: while nobody administers it, whoever holds the code from its terminal may open it.

`serve` and `quickstart` print the code. It stands in the database, so that every process of the site knows the same
one, and it is gone once there is an administrator.
"""

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.deprecation import MiddlewareMixin

from accounts.writing import writing
from config import site_settings

# No two signs that look alike on a screen across the room. Ten of them: 49 bits, which nobody guesses at ten a minute.
SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
HOME = "webinars:home"


def prepare() -> str:
    """The code that opens this site, made when there is none; "" when somebody administers it already."""
    from config.models import SiteSettings

    if not settings.FIRST_RUN or not _is_nobodys():
        return ""
    fresh = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    with writing():
        SiteSettings.objects.bulk_create([SiteSettings(pk=SiteSettings.THE_ONE)], ignore_conflicts=True)
        SiteSettings.objects.the_one().filter(setup_code="").update(setup_code=fresh)
        transaction.on_commit(site_settings.look_again, robust=True)
    return code()


def code() -> str:
    """The code that opens the site now, as the database has it; "" when nothing does."""
    from config.models import SiteSettings

    if not settings.FIRST_RUN or not _is_nobodys():
        return ""
    return SiteSettings.objects.the_one().values_list("setup_code", flat=True).first() or ""


def fits(typed: str, wanted: str) -> bool:
    """Whether this is the code, however somebody spaced it. Nothing fits where there is none."""
    bare = "".join(sign for sign in typed.upper() if sign.isalnum())
    return bool(wanted) and constant_time_compare(bare, wanted)


def shown(code: str) -> str:
    """As one reads it out: ABCDE-FGHJK."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def invitation(code: str, site: str = "") -> str:
    """What the terminal says; `site` is the address people reach it at."""
    there = f"{site or settings.SITE_URL}/setup/?code={shown(code)}"
    return f"Nobody administers this site yet. Open this address and make it yours; the code works once:\n{there}"


def _is_nobodys() -> bool:
    from accounts.models import User

    return not User.objects.administrators().exists()


class FirstRun(MiddlewareMixin):
    """While the site is nobody's, its front page leads to the page that opens it."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name != HOME or site_settings.current().has_administrator:
            return None
        return redirect("site:setup") if code() else None

"""Checks of what people on the day will need: an administrator, a contact, a zone, words, room for all, one time."""

import time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from accounts.languages import endonym
from accounts.models import User
from config import site_settings
from config.checks import Check, warning
from config.checks.machine import SKEW
from config.processes import most_files
from config.translations import is_fresh

CROWD = 1000  # participants that should have room
A_PERSON, OWN_FILES = 2, 200  # files one participant holds open (a socket, a page), and the site itself


def administrator() -> list[CheckMessage]:
    try:
        if User.objects.administrators().exists():
            return []
    except DatabaseError:
        return []  # no tables yet: `migrate` and `serve` say so
    return warning(
        18,
        _("Nobody administers this site."),
        _(
            "Open the address `serve` prints at its start, or type: python3 manage.py createadmin you@example.org"
        ),
    )


def contact() -> list[CheckMessage]:
    site = site_settings.look_again()
    if site.institution and site.contact_email:
        return []
    return warning(
        19,
        _("The site does not say who runs it, and whom to ask about privacy and accessibility."),
        _("Fill in the institution and the e-mail in the settings of the site."),
    )


def pages() -> list[CheckMessage]:
    try:
        if apps.get_model("knowledge", "Guide")._default_manager.filter(key="privacy").exists():
            return []
    except DatabaseError:
        return []
    return warning(
        21,
        _("The pages on help, privacy and accessibility are not here."),
        _("Type: python3 manage.py pages"),
    )


def zone() -> list[CheckMessage]:
    if site_settings.look_again().zone != "UTC":
        return []
    return warning(
        20,
        _("The site’s time zone is UTC, on whose clock hardly anybody lives."),
        _("Choose yours in the settings of the site, or set TIME_ZONE."),
    )


def words() -> list[CheckMessage]:
    sources = Path(settings.BASE_DIR) / "site" / "locale"
    missing = [
        po.parent.parent.name
        for po in sorted(sources.glob("*/LC_MESSAGES/django.po"))
        if not _compiled(po, sources)
    ]
    if not missing:
        return []
    return warning(
        3,
        _("The pages will be in English, for these words are not compiled: %(languages)s.")
        % {"languages": ", ".join(endonym(code) for code in missing)},
        _("Start with `python3 manage.py serve` or `quickstart`: both compile them."),
    )


def _compiled(po: Path, sources: Path) -> bool:
    kept = Path(settings.DATA_DIR) / "locale" / po.relative_to(sources)
    return any(is_fresh(place.with_suffix(".mo"), po) for place in (po, kept))


def open_files() -> list[CheckMessage]:
    limit = most_files()
    people = max(0, limit - OWN_FILES) // A_PERSON
    if people >= CROWD:
        return []
    return warning(
        16,
        _("One process may hold %(files)d files open: there is room for about %(people)d participants.")
        % {"files": limit, "people": people},
        _(
            "Type `ulimit -n 65536` before you start the site, or write LimitNOFILE=65536 into its systemd service."
        ),
    )


def database_clock() -> list[CheckMessage]:
    if connection.vendor != "postgresql":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            apart = abs(float(cursor.fetchone()[0]) - time.time())
    except DatabaseError:
        return []
    if apart < SKEW:
        return []
    return warning(
        17,
        _("The clocks of this machine and of the database server are %(seconds)d seconds apart.")
        % {"seconds": apart},
        _("Let both follow the same time server (NTP): otherwise events begin at the wrong moment."),
    )


CHECKS: tuple[Check, ...] = (administrator, contact, pages, zone, words, open_files, database_clock)

"""What the site is called, who runs it, which languages it offers: asked once a process, not once a page.

`current()` costs nothing. The process's worker looks again every two seconds (`look_again`), so that what one process
settles the others follow; the process in which it was settled knows at once.
"""

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from accounts.names import Names

log = logging.getLogger(__name__)

# Where no worker looks (a command, another ASGI server), whoever asks first after so many seconds does.
LONGEST = 30.0
SOON = 2.0  # after a database that could not be asked


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture beside the site's name: its file in MEDIA_ROOT and its size in pixels."""

    file: str
    width: int
    height: int
    says_name: bool = False

    @property
    def url(self) -> str:
        """Changes with the picture, so that a browser may keep it for ever."""
        return f"{settings.MEDIA_URL}{self.file}"


@dataclass(frozen=True, slots=True)
class Site:
    """The site as it is settled at the moment."""

    name: Names
    logo: Logo | None
    languages: tuple[str, ...]
    zone: str
    institution: Names
    contact_email: str
    publishes_at_once: str
    version: int
    has_administrator: bool

    @property
    def language(self) -> str:
        """For readers whose browser asks for none that is offered."""
        return self.languages[0]

    def called(self, *reads: str) -> str:
        """The site's name for a reader of these languages."""
        return self.name.best(reads).text


_mutex = threading.Lock()
_site: Site | None = None
_until = 0.0


def current() -> Site:
    """The site as this process knows it: at most two seconds old where a worker looks, else half a minute."""
    if _site is None or time.monotonic() > _until:
        return look_again()
    return _site


def at_hand() -> Site:
    """What this process knows, asking nothing and nobody: for failures, and for the event loop."""
    return _site or from_environment()


def known() -> object:
    """A mark of what this process knows now; asks nothing. Whatever was drawn under another mark may be stale."""
    return (_site.version, _site.has_administrator) if _site is not None else None


def look_again() -> Site:
    """Reads it anew. A database that cannot be asked changes nothing: the former stands, or the environment's."""
    try:
        return remember(_read())
    except DatabaseError as error:
        log.warning("The settings of the site could not be read (%s).", error)
        return remember(_site or from_environment(), seconds=SOON)


def remember(site: Site, *, seconds: float = LONGEST) -> Site:
    global _site, _until
    with _mutex:
        _site, _until = site, time.monotonic() + seconds
    return site


def from_environment(*, has_administrator: bool = True) -> Site:
    """The site before anybody settled anything."""
    from config.models import AT_ONCE

    return Site(
        name=Names.of(settings.LANGUAGE_CODE, settings.SITE_NAME),
        logo=None,
        languages=tuple(code for code, _ in settings.LANGUAGES),
        zone=settings.TIME_ZONE,
        institution=Names(),
        contact_email="",
        publishes_at_once=AT_ONCE[0],
        version=0,
        has_administrator=has_administrator,
    )


def _read() -> Site:
    from accounts.models import User
    from config.models import SiteSettings  # the app registry is not ready when this module is imported

    plain = from_environment(has_administrator=User.objects.administrators().exists())
    row = SiteSettings.objects.the_one().first()
    if row is None:
        return plain
    known = set(plain.languages)
    return Site(
        name=row.name or plain.name,
        logo=Logo(row.logo, row.logo_width, row.logo_height, row.logo_says_name) if row.logo else None,
        languages=tuple(code for code in row.languages if code in known) or plain.languages,
        zone=row.zone or plain.zone,
        institution=row.institution,
        contact_email=row.contact_email,
        publishes_at_once=row.publishes_at_once,
        version=row.version,
        has_administrator=plain.has_administrator,
    )

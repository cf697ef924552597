"""What can happen to the site as a whole: it is opened, and its administrators settle what it is called and offers."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actions import new_user, store_new_user
from accounts.journal import What, note
from accounts.models import User
from accounts.names import Names
from accounts.policies import can
from accounts.writing import writing
from config import first_run, logo, site_settings
from config.models import SiteSettings
from config.site_settings import Logo


class TooLate(Exception):
    """Somebody administers the site by now, or the code is another's."""


class SiteFacts(TypedDict, total=False):
    """What may be settled. `logo` None: none; `languages`: those offered, the default first."""

    name: Names
    logo: Logo | None
    languages: Iterable[str]
    zone: str
    institution: Names
    contact_email: str
    publishes_at_once: str


def change_site(*, by: User, **facts: Unpack[SiteFacts]) -> None:
    """Settles these facts and leaves the others. Raises PermissionDenied."""
    if not can(by, "change site"):
        raise PermissionDenied
    with writing():
        store_site(facts)
        note(What.SETTINGS, by=by, detail=", ".join(facts))
    chosen = site_settings.current().logo
    logo.forget_others(chosen.file if chosen else "")


def open_site(
    *, code: str, email: str, password: str, name: str, reads: Iterable[str], site: SiteFacts
) -> User:
    """The first administrator, and the site as they want it; the code has done its work then.

    Raises TooLate, and IntegrityError when somebody has an account with this address.
    """
    user = new_user(email, password)
    with writing():
        row = SiteSettings.objects.the_one().select_for_update().first()
        if row is None or not first_run.fits(code, row.setup_code) or User.objects.administrators().exists():
            raise TooLate
        store_new_user(user, {"name": name, "reads": reads}, verified=True, roles=["administrator"])
        row = store_site(site)
        row.setup_code = ""
        row.save(update_fields=["setup_code"])
        note(What.SETUP, by=user, about=user)
    return user


def store_site(facts: SiteFacts) -> SiteSettings:
    """Writes them down; this process knows at the commit. The caller holds the transaction."""
    SiteSettings.objects.bulk_create([SiteSettings(pk=SiteSettings.THE_ONE)], ignore_conflicts=True)
    row = SiteSettings.objects.the_one().select_for_update().get()
    if "logo" in facts:
        picture = facts["logo"]
        row.logo = picture.file if picture else ""
        row.logo_width, row.logo_height = (picture.width, picture.height) if picture else (0, 0)
        row.logo_says_name = picture.says_name if picture else False
    if "languages" in facts:
        row.languages = list(dict.fromkeys(facts["languages"]))
    row.name = facts.get("name", row.name)
    row.zone = facts.get("zone", row.zone)
    row.institution = facts.get("institution", row.institution)
    row.contact_email = facts.get("contact_email", row.contact_email)
    row.publishes_at_once = facts.get("publishes_at_once", row.publishes_at_once)
    row.version += 1
    row.save()
    transaction.on_commit(site_settings.look_again, robust=True)
    return row

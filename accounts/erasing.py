"""Erasing an account: the row stays, so that what it made stays whole, and nothing of the person is left in it."""

import secrets
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import announce, journal
from accounts.actions import end_sessions
from accounts.models import User
from accounts.policies import can
from accounts.writing import writing

# What other apps take off the person, in the same transaction: (the person, whether their words go as well).
on_erasing: list[Callable[[User, bool], None]] = []


class LastAdministrator(Exception):
    """Nobody else could run the site afterwards."""


def erase_user(user: User, *, by: User, blank_words: bool) -> None:
    """Takes everything that tells who they are off an account and off what it did; ends its sessions.

    What they made stays without a name; `blank_words` empties the questions they asked, too. Whoever signs up with
    the same address later is somebody new. Raises PermissionDenied, LastAdministrator.
    """
    if not can(by, "erase", user):
        raise PermissionDenied
    with writing():
        person = User.objects.select_for_update().get(pk=user.pk)
        administrators = User.objects.administrators()
        if administrators.filter(pk=person.pk).exists() and not administrators.exclude(pk=person.pk).exists():
            raise LastAdministrator
        if person.erased_at is not None:
            return
        for part in on_erasing:
            part(person, blank_words)
        end_sessions(person)
        _forget(person)
        journal.note(journal.What.ERASED, by=by, about=person)
        announce.rights_changed(person.pk)


def _forget(person: User) -> None:
    """The caller holds the transaction."""
    EmailAddress.objects.filter(user=person).delete()
    kind = ContentType.objects.get_for_model(User)
    told = LogEntry.objects.filter(content_type=kind, object_id=str(person.pk))
    told.update(object_repr="–", change_message="")
    person.groups.clear()
    person.user_permissions.clear()
    person.email = f"{secrets.token_hex(8)}@erased.invalid"
    person.name = person.country = person.zone = ""
    person.organisation, person.reads, person.last_login = None, [], None
    person.is_active = person.is_staff = person.is_superuser = False
    person.erased_at = timezone.now()
    person.set_unusable_password()
    person.save()

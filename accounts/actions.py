"""What can happen to people: they come, describe themselves, get roles, leave."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied

from accounts import announce, journal, languages
from accounts.models import Organisation, User, What, tidy_email
from accounts.names import Names
from accounts.plain import one_line
from accounts.policies import can
from accounts.roles import ROLES
from accounts.writing import writing


class Details(TypedDict, total=False):
    """What people say about themselves. `organisation` is free text in the language `spoken`."""

    name: str
    organisation: str
    spoken: str
    country: str
    reads: Iterable[str]
    zone: str


def create_user(
    email: str,
    password: str | None,
    *,
    verified: bool = False,
    is_demo: bool = False,
    roles: Iterable[str] = (),
    **details: Unpack[Details],
) -> User:
    """A new person, with their address as allauth keeps it. Raises IntegrityError if it is taken."""
    user = new_user(email, password, is_demo=is_demo)
    with writing():
        store_new_user(user, details, verified=verified, roles=roles)
    return user


def new_user(email: str, password: str | None, *, is_demo: bool = False) -> User:
    """A person who is stored nowhere yet: hashing takes a third of a second, and no transaction waits for it."""
    return User(email=tidy_email(email), password=make_password(password), is_demo=is_demo)


def store_new_user(user: User, details: Details, *, verified: bool, roles: Iterable[str] = ()) -> None:
    """Raises IntegrityError if the address is taken. The caller holds the transaction."""
    save_with_details(user, details)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    for role in roles:
        user.groups.add(_group(role))
        journal.note(What.ROLE_GIVEN, about=user, detail=role)
    _fit_admin_rights(user)


def save_with_details(user: User, details: Details) -> None:
    """Stores a person with what they said about themselves. The caller holds the transaction."""
    if "name" in details:
        user.name = one_line(details["name"])
    if "country" in details:
        user.country = details["country"]
    if "reads" in details:
        user.reads = list(dict.fromkeys(languages.tidy(code) for code in details["reads"]))
    if "zone" in details:
        user.zone = languages.canonical_zone(details["zone"])
    if "organisation" in details:
        lang = details.get("spoken") or (user.reads[0] if user.reads else "en")
        text = details["organisation"]
        user.organisation = find_or_add_organisation(text, lang=lang, country=user.country)
    user.save()


def find_or_add_organisation(text: str, *, lang: str, country: str = "") -> Organisation | None:
    """The organisation with this name in any language, else a new one; None for no name."""
    text = one_line(text)
    if not text:
        return None
    return Organisation.objects.called(text) or Organisation.objects.create(
        names=Names.of(lang, text), country=country
    )


def update_profile(user: User, *, by: User, **details: Unpack[Details]) -> User:
    """Changes what a person says about themselves. Raises PermissionDenied for somebody else's profile."""
    if not can(by, "change profile", user):
        raise PermissionDenied
    with writing():
        save_with_details(user, details)
    return user


def set_password(user: User, password: str, *, keep_session: str = "") -> None:
    """A new password, after which every other session of the person is over (rooms let go of their sockets)."""
    user.set_password(password)  # a third of a second: not inside the transaction
    with writing():
        user.save(update_fields=["password"])
        end_sessions(user, keep=keep_session)
        journal.note(What.PASSWORD, about=user)
        announce.rights_changed(user.pk)


def sign_out_everywhere(user: User) -> None:
    """No session of the person lives on, on any device."""
    with writing():
        end_sessions(user)


def renew_session(session: SessionBase) -> None:
    """The same session under another key: whoever holds an older copy is nobody, and its sockets come back anew."""
    old = session.session_key
    session.cycle_key()
    if not old:
        return
    device = UserSession.objects.filter(session_key=old)
    if device.exists():
        with writing():
            device.update(session_key=session.session_key)
    announce.sessions_ended(old)


def end_sessions(user: User, *, keep: str = "") -> None:
    """Django would notice the old sessions one by one when they are used; a socket that only listens never is."""
    theirs = UserSession.objects.filter(user=user).exclude(session_key=keep)
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    announce.sessions_ended(*keys)


def give_role(user: User, role: str, *, by: User | None = None) -> None:
    """Adds a site role; `by` is None on the command line. "administrator" also opens the admin's door."""
    _may_change_roles(by)
    with writing():
        user.groups.add(_group(role))
        _fit_admin_rights(user)
        journal.note(What.ROLE_GIVEN, by=by, about=user, detail=role)
        announce.rights_changed(user.pk)


def take_role(user: User, role: str, *, by: User | None = None) -> None:
    _may_change_roles(by)
    with writing():
        user.groups.remove(_group(role))
        _fit_admin_rights(user)
        journal.note(What.ROLE_TAKEN, by=by, about=user, detail=role)
        announce.rights_changed(user.pk)


def make_administrator(user: User, *, by: User | None = None) -> None:
    """All rights, the admin pages included."""
    give_role(user, "administrator", by=by)


def deactivate(user: User, *, by: User) -> None:
    """Keeps the person's contributions, ends what they may do."""
    if not can(by, "deactivate", user):
        raise PermissionDenied
    with writing():
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)
        journal.note(What.CLOSED, by=by, about=user)
        announce.rights_changed(user.pk)


def _may_change_roles(by: User | None) -> None:
    if by is not None and not can(by, "give role"):
        raise PermissionDenied


def _group(role: str) -> Group:
    if role not in ROLES:
        raise ValueError(f"{role!r} is not a role: {', '.join(ROLES)}")
    return Group.objects.get(name=role)


def _fit_admin_rights(user: User) -> None:
    """Django's two flags follow the role, so that there is one truth to look at."""
    user.__dict__.pop("roles", None)
    user.is_staff = user.is_superuser = "administrator" in user.roles
    user.save(update_fields=["is_staff", "is_superuser"])

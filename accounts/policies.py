"""Who may do what with people and organisations: one table, read by pages, tests and the README."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import Organisation, User
from accounts.roles import ROLES

# verb → who may. A word is a site role, or how the person stands to the thing:
# "self" (it is they), "member" (works there), "anybody", "person" (anybody signed in).
POLICIES: dict[str, frozenset[str]] = {
    "sign up": frozenset({"anybody"}),
    "choose languages": frozenset({"anybody"}),
    "see profile": frozenset({"self", "administrator"}),
    "change profile": frozenset({"self", "administrator"}),
    "change organisation": frozenset({"member", "editor", "administrator"}),
    "give role": frozenset({"administrator"}),
    "deactivate": frozenset({"administrator"}),
    "erase": frozenset({"self", "administrator"}),
    "read journal": frozenset({"administrator"}),
    "enter admin": frozenset({"administrator"}),
    "change site": frozenset({"administrator"}),
}


def can(person: User | AnonymousUser | None, verb: str, thing: Any = None) -> bool:
    """Whether this person (None: a guest) may do `verb` with `thing`. Raises KeyError on an unknown verb."""
    return not POLICIES[verb].isdisjoint(standing(person, thing))


def standing(person: User | AnonymousUser | None, thing: Any = None) -> frozenset[str]:
    """Every word of the table that holds for this person and thing."""
    words = {"anybody"}
    if isinstance(person, User) and person.is_active:
        words |= {"person"} | (person.roles & set(ROLES))
        if isinstance(thing, User) and thing.pk == person.pk:
            words.add("self")
        if isinstance(thing, Organisation) and thing.pk == person.organisation_id:
            words.add("member")
    return frozenset(words)

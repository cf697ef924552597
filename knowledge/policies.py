"""Who may do what with guides: one table, read by pages, tests and the README."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.roles import ROLES
from knowledge.models import Draft, Edition, Guide

# verb → who may. A word is a site role, or how the person stands to the thing: "anybody", "person" (anybody signed
# in), "owner" (of the guide, being an expert), "translator of it" (its language is not the original),
# "writer" (it is their own draft).
POLICIES: dict[str, frozenset[str]] = {
    "read published": frozenset({"anybody"}),
    "read unpublished": frozenset({"owner", "reviewer", "editor", "administrator"}),
    "create": frozenset({"expert", "editor", "administrator"}),
    "write": frozenset({"owner", "translator of it", "editor", "administrator"}),
    "publish": frozenset({"owner", "translator of it", "editor", "administrator"}),
    "discard draft": frozenset({"writer"}),
    "add source": frozenset({"expert", "reviewer", "translator", "editor", "administrator"}),
    "preview": frozenset({"expert", "reviewer", "translator", "editor", "administrator"}),
    "withdraw": frozenset({"owner", "editor", "administrator"}),
}


def can(person: User | AnonymousUser | None, verb: str, thing: Any = None) -> bool:
    """Whether this person (None: a guest) may do `verb` with `thing`: a guide, an edition, a draft or nothing.

    Raises KeyError on an unknown verb.
    """
    return not POLICIES[verb].isdisjoint(standing(person, thing))


def standing(person: User | AnonymousUser | None, thing: Any = None) -> frozenset[str]:
    """Every word of the table that holds for this person and thing."""
    words = {"anybody"}
    if not isinstance(person, User) or not person.is_active:
        return frozenset(words)
    words |= {"person"} | (person.roles & set(ROLES))
    if person.is_superuser:
        words.add("administrator")
    if isinstance(thing, Draft) and thing.person_id == person.pk:
        words.add("writer")
    edition = thing.edition if isinstance(thing, Draft) else thing if isinstance(thing, Edition) else None
    guide = edition.guide if edition else thing if isinstance(thing, Guide) else None
    if guide and guide.owner_id == person.pk and "expert" in words:
        words.add("owner")
    if guide and edition and "translator" in words and edition.language != guide.source_language:
        words.add("translator of it")
    return frozenset(words)

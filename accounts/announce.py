"""Tells whoever listens, after the commit, that somebody's rights changed: live rooms must let go."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

# Functions taking the ids of the people; webinars' live hub adds one.
on_rights_changed: list[Callable[[list[int]], None]] = []


def rights_changed(*people: int) -> None:
    """Roles, activity or password of these people changed."""
    for tell in on_rights_changed:
        transaction.on_commit(partial(tell, list(people)), robust=True)

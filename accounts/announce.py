"""Tells whoever listens, after the commit, that somebody's rights changed: live rooms must let go."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

# Functions taking the ids of the people.
on_rights_changed: list[Callable[[list[int]], None]] = []
# Functions taking the keys of sessions; the live rooms of this process close the sockets that stand on them.
on_sessions_ended: list[Callable[[list[str]], None]] = []


def rights_changed(*people: int) -> None:
    """Roles, activity or password of these people changed."""
    for tell in on_rights_changed:
        transaction.on_commit(partial(tell, list(people)), robust=True)


def sessions_ended(*keys: str) -> None:
    """Somebody signed out of these sessions, or was."""
    for tell in on_sessions_ended:
        transaction.on_commit(partial(tell, list(keys)), robust=True)

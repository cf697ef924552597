"""Tells whoever listens, after the commit, that what readers see of a guide changed."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

# Functions taking the id of the guide; webinars marks there which questions a lesson answers.
on_guide_shown: list[Callable[[int], None]] = []


def guide_shown(guide_id: int) -> None:
    """An edition of this guide was published or withdrawn in the running transaction."""
    for tell in on_guide_shown:
        transaction.on_commit(partial(tell, guide_id), robust=True)

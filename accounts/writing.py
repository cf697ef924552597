"""The one way to write: a transaction that is never nested by accident."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def writing() -> Iterator[None]:
    """One deed = one transaction.

    On SQLite its BEGIN IMMEDIATE waits in the process's FIFO queue (config.sqlite): long work cannot starve
    the live room. Never render, stem, mail or read files inside.
    """
    with transaction.atomic():
        yield

"""Telling the live rooms that something changed, after the commit. Only actions call this.

A word is a hint, never the news itself: `{webinar, seq}`. Whoever hears it reads the database. A room in another
process learns of it by its own means (data_version, LISTEN, channel layer, heartbeat), so a lost word costs
latency and never a change.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

CHANNEL = "sild_webinar"


@dataclass(frozen=True, slots=True)
class Word:
    """A webinar moved to `seq`. `ballots` are (participant, question, on): news for a voter's other tabs.

    `news` are (participant, {part: own facts}): what else is for one person alone. `stirred` are (participant, part):
    what is for that person alone in a part moved, and is read anew for their other tabs.
    """

    webinar: int
    seq: int
    ballots: tuple[tuple[int, int, bool], ...] = field(default=())
    news: tuple[tuple[int, dict[str, Any]], ...] = field(default=())
    stirred: tuple[tuple[int, str], ...] = field(default=())


Listener = Callable[[Word], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call `listener` (from any thread) with each word spoken in this process."""
    if listener not in _listeners:
        _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    if listener in _listeners:
        _listeners.remove(listener)


def announce(word: Word) -> None:
    """Speak after the commit of the running transaction; on PostgreSQL other processes hear it by NOTIFY."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{word.webinar} {word.seq}"])
    transaction.on_commit(lambda: _speak(word), robust=True)


def _speak(word: Word) -> None:
    for listener in tuple(_listeners):
        listener(word)

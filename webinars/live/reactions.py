"""Reactions: of the moment. Counted in memory, told as sums, kept as sums by minute, never whose they were.

Not part of what a room is: no seq moves, no frame is kept back for those who come later, a reader who is behind is
spared, and a press costs no write.
"""

import asyncio
import logging
import threading
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from config.push import frame as frame_of

from .protocol import encode

if TYPE_CHECKING:
    from .live_room import LiveRoom

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two tellings: a hall that claps is one number a second, not a thousand frames


class Tally:
    """What this process has counted and not written yet, by webinar, minute and kind. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Counter[tuple[int, datetime, str]] = Counter()

    def add(self, webinar: int, kind: str) -> None:
        with self._lock:
            self._sums[webinar, minute_of(timezone.now()), kind] += 1

    def take(self) -> dict[tuple[int, datetime, str], int]:
        """All of it; it is the taker's to write down, or to put back."""
        with self._lock:
            sums, self._sums = self._sums, Counter()
        return dict(sums)

    def put_back(self, sums: dict[tuple[int, datetime, str], int]) -> None:
        with self._lock:
            self._sums.update(sums)


class Reactions:
    """The reactions of one room, in the hub's loop: the first is told at once, further ones once a second."""

    def __init__(self, room: "LiveRoom") -> None:
        self.room = room
        self.own: Counter[str] = Counter()  # given at this process
        self.heard: Counter[str] = Counter()  # at others
        self.resting: asyncio.TimerHandle | None = None

    def take(self, kind: str) -> None:
        """Somebody here reacted."""
        self.room.hub.tally.add(self.room.webinar, kind)
        self.own[kind] += 1
        self._soon()

    def hear(self, sums: dict[str, int]) -> None:
        """At another process they did, and it writes them down itself."""
        self.heard.update(sums)
        self._soon()

    def stop(self) -> None:
        if self.resting is not None:
            self.resting.cancel()

    def _soon(self) -> None:
        if self.resting is None:
            self._tell()

    def _tell(self) -> None:
        self.resting = asyncio.get_running_loop().call_later(EVERY, self._rested)
        own, self.own = self.own, Counter()
        heard, self.heard = self.heard, Counter()
        ready = frame_of(encode({"reactions": dict(own + heard)}))
        for seat in self.room.seats:
            if not seat.handle.queued:  # who is behind has better things to read
                seat.handle.push(ready)
        if own:
            self.room.hub.reacted(self.room.webinar, dict(own))

    def _rested(self) -> None:
        self.resting = None
        if self.own or self.heard:
            self._tell()


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)

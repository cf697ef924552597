"""One hub per process: the rooms somebody here looks at, and the threads that read for them."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections
from django.utils import timezone

from accounts.announce import on_sessions_ended
from webinars.actions.people import record_attendance
from webinars.actions.reactions import keep_sums
from webinars.announce import Word, listen, unlisten

from .audience import SLEEP_AFTER
from .holds import Holds
from .live_room import LiveRoom
from .reactions import Tally

log = logging.getLogger(__name__)

BEAT = 15.0  # seconds between heartbeats
HERE_EVERY = 2.0  # seconds between two counts of who is here


class Hub:
    """The rooms of this process, on its event loop."""

    def __init__(self) -> None:
        self.rooms: dict[int, LiveRoom] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        # Reads in an own small pool: the page views' threads never make a frame wait.
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="hub")
        # What takes longer and nobody waits for.
        self.thinker = ThreadPoolExecutor(1, thread_name_prefix="thinker")
        self._uncounted = False
        self.relay: Any = None
        self.tally = Tally()
        self.tell_others: Callable[[int, dict[str, int]], None] | None = (
            None  # of reactions, where there are others
        )
        self.writing: asyncio.Task[None] | None = None
        self.holds = Holds(self.rooms)

    def start(self) -> None:
        """Begin on the running loop. Idempotent."""
        if self.loop is None:
            self.loop = asyncio.get_running_loop()
            listen(self.hear)
            on_sessions_ended.append(self.hear_of_ends)

    def stop(self) -> None:
        unlisten(self.hear)
        if self.hear_of_ends in on_sessions_ended:
            on_sessions_ended.remove(self.hear_of_ends)
        self.loop = None
        self.holds.stop()
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.thinker.shutdown(wait=False, cancel_futures=True)

    def hear(self, word: Word) -> None:
        """From any thread of this process, after a commit."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._heard, word)

    def hear_of_ends(self, sessions: list[str]) -> None:
        """From any thread of this process; in others the next sweep notices."""
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._end_sessions, frozenset(sessions))

    def _end_sessions(self, keys: Collection[str]) -> None:
        for room in self.rooms.values():
            room.rights.end_sessions(keys)

    def _heard(self, word: Word) -> None:
        self.nudge(word.webinar, word.ballots, word.news, word.stirred)
        if self.relay is not None:
            self.relay(word)

    def nudge(
        self,
        webinar: int,
        ballots: Iterable[tuple[int, int, bool]] = (),
        news: Iterable[tuple[int, dict[str, Any]]] = (),
        stirred: Iterable[tuple[int, str]] = (),
    ) -> None:
        room = self.rooms.get(webinar)
        if room is not None:
            room.ballots += ballots
            room.personal += news
            room.stirred.update(stirred)
            room.nudge()

    def nudge_all(self) -> None:
        for room in self.rooms.values():
            room.nudge()

    async def room(self, webinar: int) -> LiveRoom | None:
        """The live room, read on its first visitor.

        The entry stands before the first await, so that one reading serves all who come at once.
        """
        room = self.rooms.get(webinar)
        if room is None:
            room = self.rooms[webinar] = LiveRoom(self, webinar)
        room.used = asyncio.get_running_loop().time()
        there = False
        try:
            there = await asyncio.shield(room.loading)  # goes on when this visitor gives up
        finally:
            if room.loading.done() and not there:
                self._forget(room)
        return room if there else None

    def unload(self, *, after: float = SLEEP_AFTER) -> None:
        """Put away rooms nobody looks at: their questions are megabytes, and each foreign commit reads for them."""
        long_ago = asyncio.get_running_loop().time() - after
        for room in list(self.rooms.values()):
            watched = room.by_person or room.projectors
            busy = watched or room.left or room.ticking or not room.loading.done()
            if not busy and room.used <= long_ago:
                self._forget(room)

    def _forget(self, room: LiveRoom) -> None:
        if self.rooms.get(room.webinar) is room:
            del self.rooms[room.webinar]
        if room.ticking is not None:
            room.ticking.cancel()
        room.news.stop()
        room.reactions.stop()

    def attended(self) -> list[tuple[int, datetime, datetime]]:
        """Everybody's interval in a room of this process, as it is now."""
        now = timezone.now()
        return [one for room in self.rooms.values() for one in room.attended(now)]

    async def write_attendance(self, absent: timedelta) -> None:
        """Put down who is here and who was, then forget whoever has been absent for so long."""
        before = timezone.now() - absent
        if attended := self.attended():
            await self.read(record_attendance, attended)
        for room in self.rooms.values():
            room.forget_attended(before)

    # --- reactions ------------------------------------------------------------------------------------

    def react(self, webinar: int, kind: str) -> None:
        """Somebody reacted by a form, whose rights were asked there; also where nobody here looks on."""
        room = self.rooms.get(webinar)
        if room is not None and room.ready.is_set():
            room.reactions.take(kind)
        else:
            self.tally.add(webinar, kind)
            self.reacted(webinar, {kind: 1})

    def reacted(self, webinar: int, sums: dict[str, int]) -> None:
        """Tell other processes, where there are any."""
        if self.tell_others is not None:
            self.tell_others(webinar, sums)

    def hear_reactions(self, webinar: int, sums: dict[str, int]) -> None:
        """From another process."""
        room = self.rooms.get(webinar)
        if room is not None and room.ready.is_set():
            room.reactions.hear(sums)

    async def write_reactions(self) -> None:
        """Put down what was counted since the last time. What cannot be written now is written the next time."""
        if sums := self.tally.take():
            try:
                await self.read(keep_sums, sums)
            except Exception:
                self.tally.put_back(sums)
                raise

    def write_soon(self) -> None:
        self.writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        try:
            await self.write_reactions()
        except Exception:
            log.exception("Reactions could not be written; they are with the next minute's.")

    async def read(self, function: Any, *args: Any) -> Any:
        """A read in the hub's own threads, whose connections stay open."""
        assert self.loop is not None
        return await self.loop.run_in_executor(self.pool, _with_connection, function, args)

    async def think(self, function: Any, *args: Any) -> Any:
        """Work without the database, off the loop."""
        assert self.loop is not None
        return await self.loop.run_in_executor(self.thinker, function, *args)

    def count_soon(self) -> None:
        if not self._uncounted and self.loop is not None:
            self._uncounted = True
            self.loop.call_later(HERE_EVERY, self._count)

    def _count(self) -> None:
        self._uncounted = False
        for room in self.rooms.values():
            room.count()
        if any(room.pace for room in self.rooms.values()):
            self.count_soon()  # until the last vote of the minute is out of it


def _with_connection(function: Any, args: tuple[Any, ...]) -> Any:
    close_old_connections()
    return function(*args)

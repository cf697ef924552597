"""How a process learns of what other processes wrote, and how its rooms notice what nobody told them.

On SQLite `PRAGMA data_version` every 100 ms (3 µs); on PostgreSQL LISTEN; with Redis one channel-layer subscription a
process, never one a viewer. At the latest the heartbeat reads the database's seq, and a sweep re-reads all rights.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import close_old_connections, connection

from config.stamps import DataVersion
from webinars.announce import CHANNEL, Word
from webinars.models import Webinar

from .holds import Hold
from .hub import BEAT, Hub

log = logging.getLogger(__name__)

LOOK_EVERY = 0.1
LOOK_AGAIN = 1.0  # after an error of the disk
SWEEP_EVERY = 2.0
WRITE_EVERY = 60.0  # who is here: what a crash may cost of somebody's attendance
ABSENT = timedelta(seconds=60)  # away for longer is having left
GROUP = "sild.webinars"


class Watch:
    """The background tasks of a process's hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.tasks: list[asyncio.Task[None]] = []
        self.name = uuid4().hex  # of this process, among those that hear each other

    def start(self) -> None:
        self._every(BEAT, self._beat)
        self._every(SWEEP_EVERY, self._sweep)
        self._every(WRITE_EVERY, lambda: self.hub.write_attendance(ABSENT))
        self._every(WRITE_EVERY, self.hub.write_reactions)
        if connection.vendor == "sqlite":
            self._run(self._look(str(settings.DATABASES["default"]["NAME"])))
        if connection.vendor == "postgresql":
            self._run(self._listen())
        if settings.REDIS_URL:
            self.hub.relay = self._relay
            self.hub.tell_others = self._tell_others
            self.hub.holds.relay = self._relay_hold
            self._run(self._subscribe())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    def _every(self, seconds: float, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def forever() -> None:
            while True:
                await asyncio.sleep(seconds)
                try:
                    await what()
                except Exception:
                    log.exception("The watch stumbled; it goes on.")

        self._run(forever())

    # --- what nobody told us --------------------------------------------------------------------------

    async def _beat(self) -> None:
        """Heals whatever was missed within 15 s, and lets a page notice a dead line."""
        rooms = list(self.hub.rooms.values())
        if rooms:
            seqs = await self.hub.read(_seqs, [room.webinar for room in rooms])
            for room in rooms:
                if seqs.get(room.webinar, 0) > room.room.seq:
                    room.nudge()
                room.beat()

    async def _sweep(self) -> None:
        for room in list(self.hub.rooms.values()):
            await room.rights.sweep()
            room.heal()
        self.hub.unload()

    # --- other processes ------------------------------------------------------------------------------

    async def _look(self, path: str) -> None:
        """SQLite says with one number whether another connection committed. Our own commits nudge by themselves.

        A disk that fails for a moment must not leave this process deaf to the others for ever: after an error the
        file is opened anew, and whatever was committed in between is read then.
        """
        while True:
            try:
                look = DataVersion(path)
                try:
                    await self._watch_number(look)
                finally:
                    look.close()
            except sqlite3.Error as error:
                log.warning(
                    "The database cannot be looked at (%s); until it can, the heartbeat serves.", error
                )
            await asyncio.sleep(LOOK_AGAIN)

    async def _watch_number(self, look: DataVersion) -> None:
        last = look.now()
        self.hub.nudge_all()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not self.hub.rooms:
                continue
            now = look.now()
            if now != last:
                last = now
                self.hub.nudge_all()

    async def _listen(self) -> None:
        import psycopg

        while True:
            with contextlib.suppress(psycopg.Error, OSError, ValueError):
                params = connection.get_connection_params()
                for name in ("cursor_factory", "context", "prepare_threshold", "pool", "server_side_binding"):
                    params.pop(name, None)
                async with await psycopg.AsyncConnection.connect(**params, autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    self.hub.nudge_all()  # what was said while nobody listened
                    async for note in listening.notifies():
                        self.hub.nudge(int(note.payload.split()[0]))
            await asyncio.sleep(1)

    async def _subscribe(self) -> None:
        """One subscription for the whole process. While Redis is away the other ways and the heartbeat carry on."""
        layer: Any = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                self.hub.nudge_all()
                while True:
                    self._heard(await layer.receive(channel))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("The channel layer is away (%r); the room lives on by the heartbeat.", error)
                await asyncio.sleep(1)

    def _heard(self, message: dict[str, Any]) -> None:
        if message["type"] == "webinar.changed":
            self.hub.nudge(message["webinar"])
        elif message["from"] == self.name:
            return  # a group's message comes back to who sent it, who may have said something newer since
        elif message["type"] == "webinar.held":
            self.hub.holds.put(message["webinar"], Hold(**message["hold"]))
        else:
            self.hub.hear_reactions(message["webinar"], message["reactions"])

    def _relay(self, word: Word) -> None:
        self._say({"type": "webinar.changed", "webinar": word.webinar, "seq": word.seq})

    def _tell_others(self, webinar: int, sums: dict[str, int]) -> None:
        self._say({"type": "webinar.reacted", "webinar": webinar, "reactions": sums, "from": self.name})

    def _relay_hold(self, webinar: int, hold: Hold) -> None:
        self._say({"type": "webinar.held", "webinar": webinar, "hold": asdict(hold), "from": self.name})

    def _say(self, message: dict[str, Any]) -> None:
        self._run(self._publish(message))
        self.tasks = [task for task in self.tasks if not task.done()]

    async def _publish(self, message: dict[str, Any]) -> None:
        layer: Any = get_channel_layer()
        with contextlib.suppress(Exception):  # a hint; the heartbeat heals
            await layer.group_send(GROUP, message)


def _seqs(webinars: list[int]) -> dict[int, int]:
    close_old_connections()
    return dict(Webinar.objects.filter(pk__in=webinars).values_list("pk", "seq"))

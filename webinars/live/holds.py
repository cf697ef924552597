"""Who is on which row of the console: told among the desk, kept nowhere, and never in anybody's way.

A hold is a lease of 20 s that the page renews while its reader works there. Somebody is on one row at a time. With
Redis each hold is told to the other processes as it is taken; a lost one costs a hint and nothing else.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from config.push import frame as frame_of
from webinars.models import Participant

from .audience import Seat
from .part import Json
from .protocol import encode

if TYPE_CHECKING:
    from .live_room import LiveRoom

LEASE = 20.0  # seconds; the page renews it every 8


@dataclass(frozen=True, slots=True)
class Hold:
    """One moderator on one question; 0 is none."""

    by: int
    question: int
    writes: bool = False
    name: str = ""


class Holds:
    """The holds of every webinar that this process heard of. On the event loop's thread."""

    def __init__(self, rooms: "Mapping[int, LiveRoom]") -> None:
        self.rooms = rooms
        self.relay: Callable[[int, Hold], None] | None = None
        self.here: dict[int, dict[int, tuple[Hold, float]]] = {}  # webinar → person → (hold, until when)
        self.names: dict[int, str] = {}
        self.ending: dict[int, asyncio.TimerHandle] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.said: dict[
            tuple[int, int], int
        ] = {}  # how often somebody said where they are: the last word counts

    def stop(self) -> None:
        for timer in self.ending.values():
            timer.cancel()
        for task in self.tasks:
            task.cancel()

    def take(self, webinar: int, person: int, question: int, *, is_writing: bool = False) -> None:
        """Somebody at a desk of this process is on this row now; one that is none, or of another room, is nobody's."""
        room = self.rooms.get(webinar)
        if room is None or (question and question not in room.room.rows):
            return
        self.said[webinar, person] = turn = self.said.get((webinar, person), 0) + 1
        work = self._take(room, Hold(person, question, is_writing), turn)
        self.tasks.add(task := asyncio.ensure_future(work))
        task.add_done_callback(self.tasks.discard)

    async def _take(self, room: "LiveRoom", hold: Hold, turn: int) -> None:
        if hold.by not in self.names:
            self.names[hold.by] = await room.hub.read(_name_of, hold.by)
        if self.said.get((room.webinar, hold.by)) == turn:
            self.tell_all(room.webinar, replace(hold, name=self.names.get(hold.by, "")))

    def let_go(self, webinar: int, person: int) -> None:
        """They left, or may not be at the desk any more."""
        self.said.pop((webinar, person), None)
        self.names.pop(person, None)
        if person in self.here.get(webinar, {}):
            self.tell_all(webinar, Hold(person, 0))

    def tell_all(self, webinar: int, hold: Hold) -> None:
        self.put(webinar, hold)
        if self.relay is not None:
            self.relay(webinar, hold)

    def put(self, webinar: int, hold: Hold) -> None:
        """Here, or heard from another process: who says the same again only holds on for longer."""
        holds = self.here.setdefault(webinar, {})
        before = self.told(webinar)
        if hold.question:
            holds[hold.by] = (hold, time.monotonic() + LEASE)
        else:
            holds.pop(hold.by, None)
        self._told_anew(webinar, before)

    def told(self, webinar: int) -> list[Json]:
        """What the desk reads, in one order everywhere."""
        return [
            {"question": hold.question, "by": hold.by, "name": hold.name, "writes": hold.writes}
            for _, (hold, _) in sorted(self.here.get(webinar, {}).items())
        ]

    def tell(self, room: "LiveRoom", seat: Seat) -> None:
        """To somebody who sat down at the desk, or missed something there."""
        if seat.audience == "desk":
            seat.handle.push(_frame(self.told(room.webinar)))

    def _told_anew(self, webinar: int, before: list[Json]) -> None:
        self._expect_end(webinar)
        now, room = self.told(webinar), self.rooms.get(webinar)
        if now != before and room is not None:
            frame = _frame(now)
            for seat in room.channels["desk"].seats:
                seat.handle.push(frame)

    def _expect_end(self, webinar: int) -> None:
        if timer := self.ending.pop(webinar, None):
            timer.cancel()
        if holds := self.here.get(webinar):
            first = min(until for _, until in holds.values())
            wait = max(0.0, first - time.monotonic())
            self.ending[webinar] = asyncio.get_running_loop().call_later(wait, self._end, webinar)
        else:
            self.here.pop(webinar, None)

    def _end(self, webinar: int) -> None:
        """The leases that ran out."""
        before, now = self.told(webinar), time.monotonic()
        holds = self.here.get(webinar, {})
        for person in [person for person, (_, until) in holds.items() if until <= now + 0.01]:
            del holds[person]
        self._told_anew(webinar, before)


def _frame(holds: list[Json]) -> bytes:
    return frame_of(encode({"holds": holds}))


def _name_of(person: int) -> str:
    found: Any = Participant.objects.filter(pk=person).values_list("name", flat=True).first()
    return str(found or "")

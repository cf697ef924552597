"""What a room's desk is told beside its frames: what is asked twice, and how fast people vote."""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from config.push import frame as frame_of

from .alike import Alikes, texts_of
from .audience import Seat
from .changes import Pull
from .part import Json
from .protocol import encode

if TYPE_CHECKING:
    from .live_room import LiveRoom

log = logging.getLogger(__name__)

ALIKE_EVERY = 1.0  # seconds between two looks for what is asked twice
PACE_OVER = 60.0  # seconds over which votes are counted


class DeskNews:
    """Nothing is worked out while nobody sits at the desk."""

    def __init__(self, room: "LiveRoom") -> None:
        self.room = room
        self.alikes = Alikes()
        self.alike: list[Json] = []  # as the desk was told last
        self.unlooked = True  # did anything move since the last look
        self.looking: asyncio.Task[None] | None = None
        self.cast: deque[tuple[float, int]] = deque()  # (when, how many votes more)

    def stop(self) -> None:
        if self.looking is not None:
            self.looking.cancel()

    # --- what is asked twice ----------------------------------------------------------------------------

    def tell(self, seat: Seat) -> None:
        """To somebody who sat down at the desk, or missed something there."""
        if seat.audience == "desk":
            seat.handle.push(self._frame())
            self.room.hub.holds.tell(self.room, seat)
            self._look()

    def stir(self) -> None:
        """Questions moved."""
        self.unlooked = True
        self._look()

    def _look(self) -> None:
        if self.looking is None and self.unlooked and self.room.channels["desk"].seats:
            self.looking = asyncio.ensure_future(self._find())

    async def _find(self) -> None:
        desk = self.room.channels["desk"]
        try:
            while self.unlooked and desk.seats:
                self.unlooked = False
                found = await self.room.hub.think(self.alikes.update, texts_of(self.room.room))
                if found != self.alike:
                    self.alike = found
                    for seat in desk.seats:
                        seat.handle.push(self._frame())
                await asyncio.sleep(ALIKE_EVERY)
        except Exception:
            log.exception("What is asked twice in room %d could not be found.", self.room.webinar)
        finally:
            self.looking = None

    def _frame(self) -> bytes:
        return frame_of(encode({"alike": self.alike}))

    # --- votes a minute ---------------------------------------------------------------------------------

    def count_votes(self, pull: Pull) -> None:
        """By the counts themselves, which every process reads alike; a vote that is taken back counts nothing."""
        rows = self.room.room.rows
        more = sum(max(0, votes - rows[pk].votes) for pk, votes in pull.votes if pk in rows)
        if more:
            self.cast.append((asyncio.get_running_loop().time(), more))
            self.room.hub.count_soon()

    def votes_a_minute(self) -> int:
        since = asyncio.get_running_loop().time() - PACE_OVER
        while self.cast and self.cast[0][0] < since:
            self.cast.popleft()
        return sum(votes for _, votes in self.cast)

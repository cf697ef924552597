"""The live half of one process: hub, writer and watch, begun with the first socket on its event loop."""

import atexit
import logging
from concurrent.futures import Future

from django.utils import timezone

from webinars.actions.people import record_attendance
from webinars.actions.reactions import keep_sums
from webinars.models import Webinar

from . import metrics, reading
from .changes import Window
from .holds import Hold
from .hub import Hub
from .part import Json
from .reactions import minute_of
from .watch import Watch
from .writer import Order, Outcome, Writer

log = logging.getLogger(__name__)

BUSY = 0.25  # seconds: a loop that takes longer to answer has more to do than pages


class Service:
    """Made once a process; `start` is idempotent and belongs to the event loop."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.writer = Writer(self._deliver)
        self.watch: Watch | None = None

    def start(self) -> None:
        if self.watch is not None:
            return
        self.hub.start()
        self.watch = Watch(self.hub)
        self.watch.start()
        self.writer.start()
        metrics.of_rooms(self)
        atexit.register(self.close)

    def page(
        self, webinar: Webinar, audience: str, participant: int | None
    ) -> tuple[Json, list[Json]] | None:
        """A snapshot and a person's own questions, for a page: from memory where the room stands there already.

        Not from the event loop's thread. `webinar` as it was just read: what it says is committed is on the page.
        """
        seen = self._seen(webinar, audience, participant)
        return seen if seen is not None else reading.page(webinar.pk, audience, participant)

    def _seen(
        self, webinar: Webinar, audience: str, participant: int | None
    ) -> tuple[Json, list[Json]] | None:
        room, loop = self.hub.rooms.get(webinar.pk), self.hub.loop
        if room is None or loop is None or not room.ready.is_set():
            return None
        answer: Future[tuple[Json, list[Json]] | None] = Future()

        def look() -> None:
            here = room.room
            present = here.seq >= webinar.seq and here.epoch == webinar.epoch
            mine = here.mine(participant) if participant else []
            answer.set_result((Window(audience).snapshot(here), mine) if present else None)

        loop.call_soon_threadsafe(look)
        try:
            return answer.result(BUSY)
        except TimeoutError:
            return None

    def react(self, webinar: int, kind: str) -> None:
        """A reaction that came by a form, from a view's thread."""
        loop = self.hub.loop
        if (
            loop is None or loop.is_closed()
        ):  # no socket has ever opened here: nobody counts, so it is kept at once
            keep_sums({(webinar, minute_of(timezone.now()), kind): 1})
        else:
            loop.call_soon_threadsafe(self.hub.react, webinar, kind)

    def hold(self, webinar: int, hold: Hold | None) -> list[Json]:
        """For the twin: take a hold (None: none is meant), and who is on which row. Not from the loop's thread."""
        if self.hub.loop is None:
            return []
        answer: Future[list[Json]] = Future()

        def look() -> None:
            if hold is not None:
                self.hub.holds.tell_all(webinar, hold)
            answer.set_result(self.hub.holds.told(webinar))

        self.hub.loop.call_soon_threadsafe(look)
        try:
            return answer.result(BUSY)
        except TimeoutError:
            return []

    def _deliver(self, results: list[tuple[Order, Outcome]]) -> None:
        """From the writer's thread: one call into the loop for the whole batch."""
        loop = self.hub.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(_reply_all, results)

    def close(self) -> None:
        """When the process ends, after its sockets: what is queued goes to disk, and who was here."""
        self.writer.stop()
        self.writer.join(3)
        self.hub.stop()
        record_attendance(self.hub.attended())
        keep_sums(self.hub.tally.take())


def _reply_all(results: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in results:
        try:
            order.reply(outcome)
        except Exception:  # one socket's trouble must not leave the others of its batch without an answer
            log.exception("A reply could not be given.")


service = Service()

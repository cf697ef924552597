"""The live half of one process: hub, writer and watch, begun with the first socket on its event loop."""

import atexit
import logging

from webinars.actions.people import record_attendance

from . import metrics
from .hub import Hub
from .watch import Watch
from .writer import Order, Outcome, Writer

log = logging.getLogger(__name__)


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


def _reply_all(results: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in results:
        try:
            order.reply(outcome)
        except Exception:  # one socket's trouble must not leave the others of its batch without an answer
            log.exception("A reply could not be given.")


service = Service()

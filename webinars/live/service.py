"""The live half of one process: hub, writer and watch, begun with the first socket on its event loop."""

import asyncio

from .hub import Hub
from .watch import Watch
from .writer import Order, Outcome, Writer


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
        if not self.writer.is_alive():
            self.writer.start()

    def _deliver(self, results: list[tuple[Order, Outcome]]) -> None:
        """From the writer's thread: one call into the loop for the whole batch."""
        loop = self.hub.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(_reply_all, results)

    async def stop(self) -> None:
        """End after what is queued is on disk."""
        if self.watch is None:
            return
        await self.watch.stop()
        self.writer.stop()
        await asyncio.to_thread(self.writer.join, 5)
        self.hub.stop()
        self.watch = None


def _reply_all(results: list[tuple[Order, Outcome]]) -> None:
    for order, outcome in results:
        order.reply(outcome)


service = Service()

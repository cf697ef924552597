"""Holding senders back while their reader takes nothing, and letting go of readers that stay so."""

import asyncio
import time
from typing import Any


class Gate:
    """A Twisted push producer: the transport pauses it over 64 KB, and resumes it when nothing waits."""

    __slots__ = ("_opened", "_stalls", "_transport", "paused")

    def __init__(self, transport: Any, stalls: "Stalls") -> None:
        self._transport = transport
        self._stalls = stalls
        self._opened: asyncio.Future[None] | None = None
        self.paused = False

    def pauseProducing(self) -> None:
        if not self.paused:
            self.paused = True
            self._stalls.watch(self)

    def resumeProducing(self) -> None:
        if self.paused:
            self.paused = False
            self._stalls.forget(self)
            if self._opened is not None:
                self._opened.set_result(None)
                self._opened = None

    stopProducing = resumeProducing

    async def opened(self) -> None:
        """Returns when the reader has taken everything, or is gone."""
        if self.paused:
            if self._opened is None:
                self._opened = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._opened)

    def position(self) -> tuple[int, int] | None:
        """Where the transport is in what it sends, or None when nothing waits; moves as the reader takes."""
        tcp = getattr(self._transport, "transport", self._transport)  # TLS wraps the one that knows
        if tcp.dataBuffer or tcp._tempDataBuffer:
            return tcp.offset, len(tcp.dataBuffer)
        return None

    def abort(self) -> None:
        self._transport.abortConnection()


class Stalls:
    """Everybody who is held back at the moment; whoever's reader took nothing for `seconds` is dropped."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.dropped = 0
        self._held: dict[Gate, tuple[float, tuple[int, int] | None]] = {}

    def watch(self, gate: Gate) -> None:
        self._held[gate] = (time.monotonic(), gate.position())

    def forget(self, gate: Gate) -> None:
        self._held.pop(gate, None)

    def sweep(self) -> None:
        now = time.monotonic()
        for gate, (since, position) in list(self._held.items()):
            here = gate.position()
            if here is None:
                self.forget(gate)
            elif here != position:
                self._held[gate] = (now, here)
            elif now - since >= self.seconds:
                self.forget(gate)
                self.dropped += 1
                gate.abort()

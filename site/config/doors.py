"""How often one address may knock: a token bucket for the handshakes of sockets.

A ministry is one address for hundreds of people who all come back at once after a restart, so the bucket is large. It
stops one machine that opens sockets in a loop; what a person may do once inside is limited per person, elsewhere.
"""

import math
import time
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

Scope = dict[str, Any]
Application = Callable[..., Awaitable[None]]

CLEAN_EVERY = 60.0  # seconds


class Doors:
    """ASGI wrapper for sockets: `burst` handshakes at once from one address, then `per_second`; others hear 429.

    Counted in this process: a second one has doors of its own. Inside config.proxy.Addresses, so that the address is
    the visitor's and not the proxy's.
    """

    def __init__(
        self,
        application: Application,
        *,
        burst: float,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.application = application
        self.burst, self.per_second = burst, per_second
        self.clock = clock
        self.left: dict[str, tuple[float, float]] = {}  # address → (tokens left, when they were counted)
        self._next_clean = 0.0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        client = scope.get("client")
        wait = self.knock(household(client[0])) if client else 0.0
        if wait:
            await turn_away(scope, receive, send, math.ceil(wait))
        else:
            await self.application(scope, receive, send)

    def knock(self, address: str) -> float:
        """One handshake; 0 when it may go on, else the seconds until one may."""
        now = self.clock()
        self._clean(now)
        left, at = self.left.get(address, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.per_second)
        if left < 1:
            self.left[address] = (left, now)
            return (1 - left) / self.per_second
        self.left[address] = (left - 1, now)
        return 0.0

    def _clean(self, now: float) -> None:
        """An address whose bucket is full again is forgotten."""
        if now >= self._next_clean:
            self._next_clean = now + CLEAN_EVERY
            full = self.burst / self.per_second
            self.left = {one: (left, at) for one, (left, at) in self.left.items() if now - at < full}


def household(address: str) -> str:
    """An IPv6 address stands for its /64: whoever has one has all of them."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(known) >> 64 << 64)) if isinstance(known, IPv6Address) else address


async def turn_away(scope: Scope, receive: Any, send: Any, wait: int) -> None:
    """429 with Retry-After where the server can say so (ASGI's "websocket.http.response"), else its 403."""
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    headers = [(b"retry-after", b"%d" % wait)]
    await send({"type": "websocket.http.response.start", "status": 429, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})

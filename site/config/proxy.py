"""Who is asking: X-Forwarded-* is believed from the trusted proxy and thrown away from anybody else."""

from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

Scope = dict[str, Any]
Application = Callable[..., Awaitable[None]]


class Addresses:
    """ASGI wrapper: inside it, scope["client"] and ["scheme"] are the truth and no header says otherwise.

    `trusted` is the proxy's address, or several separated by commas, or "" for none.
    """

    def __init__(self, application: Application, trusted: str = "") -> None:
        self.application = application
        self.trusted = {_plain(part) for part in trusted.split(",") if part.strip()}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] in ("http", "websocket"):
            scope = self.as_seen(scope)
        await self.application(scope, receive, send)

    def as_seen(self, scope: Scope) -> Scope:
        kept: list[tuple[bytes, bytes]] = []
        forwarded: list[tuple[bytes, bytes]] = []
        for name, value in scope["headers"]:
            (forwarded if _is_forwarding(name) else kept).append((name, value))
        if not forwarded:
            return scope
        # `forwarded`: somebody stands in between, so a loopback address says nothing (accounts.backends asks).
        seen: Scope = {**scope, "headers": kept, "forwarded": True}
        if scope.get("client") and _plain(scope["client"][0]) in self.trusted:
            if address := _plain(_last(forwarded, b"x-forwarded-for")):
                seen["client"] = [address, 0]
            scheme = _last(forwarded, b"x-forwarded-proto").lower()
            if scheme in ("http", "https"):
                seen["scheme"] = scheme if scope["type"] == "http" else {"http": "ws", "https": "wss"}[scheme]
        return seen


def is_near(scope: Scope) -> bool:
    """Whether who asks sits at this very machine, with nobody in between."""
    client = scope.get("client")
    address = _plain(client[0]) if client and not scope.get("forwarded") else ""
    return bool(address) and ip_address(address).is_loopback


def _is_forwarding(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in (b"forwarded", b"x-real-ip")


def _last(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """A proxy adds to the end: whatever stands before was said by somebody else."""
    values = [value for key, value in headers if key == name]
    return values[-1].decode("latin-1").rsplit(",", 1)[-1].strip() if values else ""


def _plain(text: str) -> str:
    """An address in its one spelling, without port or brackets; "" when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)

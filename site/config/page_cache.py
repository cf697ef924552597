"""Whole public pages kept in memory, for readers without a session, as long as nobody commits anything.

A page costs 10 to 40 ms to draw and 0.2 to give again. What may be kept is what an answer itself says (200, public,
sets no cookie); when it is stale the database says (config.stamps), so that no deed has to remember any page.
"""

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import parse_cookie

from config import metrics
from config.proxy import Application, Scope, is_near
from config.stamps import Stamps

ROOM = 16 * 1024 * 1024  # bytes of bodies
LONGEST = 512 * 1024  # bytes of one
OLD = 30.0  # seconds: pages speak of "today" and "in 2 days"
# In a rush (everybody comes at the hour, while votes are committed ten times a second) one drawing serves a second.
RUSH, RUSH_ASKED = 1.0, 5
# Cookies a page may depend on and still be everybody's who has the same; with any other the cache stands aside.
READERS = ("reads", "zone")
IGNORED = frozenset({"csrftoken", "__Host-csrftoken"})  # a page that shows a token sets it, too
UNASKED = frozenset({b"if-none-match", b"if-modified-since", b"range"})
VARIES = {b"", b"cookie", b"accept-encoding"}

Key = tuple[object, ...]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Page:
    """One answer, and of which state of the database it speaks."""

    status: int
    headers: Headers
    body: bytes
    stamp: object
    drawn: float
    asked: int = 0
    given: bool = False
    keep: bool = field(init=False)
    etag: bytes = field(init=False)

    def __post_init__(self) -> None:
        named = dict(self.headers)
        self.etag = named.get(b"etag", b"")
        self.keep = (
            self.status == 200
            and b"public" in named.get(b"cache-control", b"")
            and b"set-cookie" not in named
            and set(named.get(b"vary", b"").lower().replace(b" ", b"").split(b",")) <= VARIES
            and len(self.body) <= LONGEST
        )

    def fresh(self, stamp: object, now: float) -> bool:
        self.asked += 1
        if stamp is not None and stamp == self.stamp:
            return now - self.drawn < OLD
        return self.asked > RUSH_ASKED and now - self.drawn < RUSH

    async def send(self, scope: Scope, send: Any) -> None:
        asked = dict(scope["headers"]).get(b"if-none-match", b"")
        unchanged = bool(self.etag) and _plain(self.etag) in map(_plain, asked.split(b","))
        body = b"" if unchanged or scope["method"] == "HEAD" else self.body
        headers = list(self.headers)
        if self.given:  # the number in the log, and on a page for failures, is that of who it was drawn for
            headers = [pair for pair in headers if pair[0] != b"x-request-id"]
            headers.append((b"x-request-id", secrets.token_hex(8).encode()))
        self.given = True
        if unchanged:
            headers = [pair for pair in headers if pair[0] not in (b"content-length", b"content-type")]
        await send(
            {"type": "http.response.start", "status": 304 if unchanged else self.status, "headers": headers}
        )
        await send({"type": "http.response.body", "body": body})


class PageCache:
    """ASGI wrapper round Django; it belongs to one event loop."""

    def __init__(self, application: Application, stamps: Callable[[], Stamps]) -> None:
        self.application = application
        self.stamps: Stamps | None = None
        self.make_stamps = stamps
        self.pages: OrderedDict[Key, Page] = OrderedDict()
        self.drawing: dict[Key, asyncio.Future[Page]] = {}
        self.size = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        key = key_of(scope)
        if key is None:
            await self.application(scope, receive, send)
            return
        if self.stamps is None:
            self.stamps = self.make_stamps()
        stamp = await self.stamps.read()
        page = self.pages.get(key)
        if page is not None and page.fresh(stamp, time.monotonic()):
            self.pages.move_to_end(key)
            metrics.PAGES.labels("kept").inc()
        else:
            page = await self._shared(key, scope, stamp)
        if page is None:
            await self.application(scope, receive, send)
        else:
            await page.send(scope, send)

    async def _shared(self, key: Key, scope: Scope, stamp: object) -> Page | None:
        """Drawn now, or by whoever asked just before; None: it was not for everybody, draw your own."""
        drawing = self.drawing.get(key)
        if drawing is not None:
            try:
                page = await asyncio.shield(drawing)
            except Exception:
                return None
            return page if page.keep and page.stamp == stamp else None
        metrics.PAGES.labels("drawn").inc()
        drawing = self.drawing[key] = asyncio.ensure_future(self._draw(scope, stamp))
        try:
            page = await asyncio.shield(drawing)  # goes on for the others when this reader leaves
        finally:
            del self.drawing[key]
        if page.keep and stamp is not None:
            self._keep(key, page)
        return page

    async def _draw(self, scope: Scope, stamp: object) -> Page:
        """The whole answer, unconditional. `stamp` was read before: a commit in the meantime makes it stale."""
        start: dict[str, Any] = {}
        body = bytearray()

        request = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> dict[str, Any]:
            for message in request:
                return message
            return await asyncio.Event().wait()  # type: ignore[return-value]  # nobody leaves

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                body.extend(message.get("body", b""))

        headers = [pair for pair in scope["headers"] if pair[0] not in UNASKED]
        await self.application({**scope, "method": "GET", "headers": headers}, receive, send)
        said = [(name.lower(), value) for name, value in start["headers"]]
        return Page(start["status"], said, bytes(body), stamp, time.monotonic())

    def _keep(self, key: Key, page: Page) -> None:
        old = self.pages.pop(key, None)
        self.size += len(page.body) - (len(old.body) if old else 0)
        self.pages[key] = page
        while self.size > ROOM:
            _, gone = self.pages.popitem(last=False)
            self.size -= len(gone.body)


def key_of(scope: Scope) -> Key | None:
    """What a public page depends on; None for what is nobody's or one person's."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    headers = dict(scope["headers"])
    cookies = _cookies(headers.get(b"cookie", b""))
    if cookies is None or b"authorization" in headers or b"range" in headers:
        return None
    if b"json" in headers.get(b"accept", b"") or scope["path"].startswith("/p/"):
        return None  # a script's answer is not the page, and a personal link is somebody's
    compressed = b"gzip" in headers.get(b"accept-encoding", b"")
    whole = (scope["path"], scope["query_string"])
    return (
        scope["scheme"],
        headers.get(b"host"),
        *whole,
        cookies,
        compressed,
        is_near(scope),
    )  # demo sign-ins are shown to this machine alone


def _cookies(header: bytes) -> tuple[str, ...] | None:
    """The reader's own choices; None when there is a cookie that could mean a person."""
    found: dict[str, str] = parse_cookie(
        header.decode("latin-1")
    )  # by Django's own eyes: none may slip through
    if not set(found) <= IGNORED.union(READERS):
        return None
    values = tuple(found.get(name, "") for name in READERS)
    return values if sum(map(len, values)) <= 200 else None


def _plain(tag: bytes) -> bytes:
    return tag.strip().removeprefix(b"W/")

"""Answers static files, the logo and the questions of machines before Django sees them: 0.2 ms against 1.7."""

import asyncio
import hashlib
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from config import metrics
from config.health import as_json, readiness
from config.hls import LONGEST, Answer, Pictures, read
from config.proxy import Addresses, is_near

Scope = dict[str, Any]
Application = Callable[..., Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
Explain = Callable[[int, str, dict[bytes, bytes]], tuple[Headers, bytes] | None]  # config.plain

FOR_EVER = b"public, max-age=31536000, immutable"
TEXT = b"text/plain; charset=utf-8"
JSON = b"application/json"
HEALTH = frozenset({"/healthz", "/readyz", "/metrics"})
# Smallest first; what a browser accepts decides.
ENCODINGS = ((b"br", ".br"), (b"gzip", ".gz"))
# Not left to the machine's own table, which may lack them or hold nonsense.
TYPES = {
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}


class File:
    """One static file, ready to be sent: its bodies by content encoding and the headers they share."""

    def __init__(self, name: str, bodies: Mapping[bytes, bytes]) -> None:
        self.bodies = bodies
        self.etag = hashlib.sha256(bodies[b""]).hexdigest()[:16]
        kind = TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind in ("image/svg+xml", "application/json"):
            kind += "; charset=utf-8"
        self.kind = kind.encode()

    def best(self, accepted: bytes) -> bytes:
        """The content encoding to send to somebody with that Accept-Encoding ("" = as it is)."""
        offers = [part.partition(b";") for part in accepted.split(b",")]
        wanted = {
            name.strip().lower() for name, _, q in offers if q.replace(b" ", b"") not in (b"q=0", b"q=0.0")
        }
        return next((name for name, _ in ENCODINGS if name in self.bodies and name in wanted), b"")


class Collected:
    """The tree that `collect` made, as a table: what is not in it does not exist, whatever the path says."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(
            path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()
        )

    @cached_property
    def _files(self) -> dict[str, File]:
        return {}

    def find(self, name: str) -> File | None:
        if (file := self._files.get(name)) is None and name in self.names:
            file = self._files[name] = self._read(name)
        return file

    def _read(self, name: str) -> File:
        bodies = {b"": (self.root / name).read_bytes()}
        for encoding, suffix in ENCODINGS:
            if name + suffix in self.names:
                bodies[encoding] = (self.root / (name + suffix)).read_bytes()
        return File(name, bodies)


class Sources:
    """The files where their authors edit them, read anew each time: for DEBUG, and when nothing was collected."""

    def find(self, name: str) -> File | None:
        from django.contrib.staticfiles import finders
        from django.core.exceptions import SuspiciousFileOperation

        try:
            path = finders.find(name)
        except SuspiciousFileOperation:
            return None
        if not path or not Path(path).is_file():
            return None
        return File(name, {b"": Path(path).read_bytes()})


class Logos:
    """What config.logo keeps, by names like `names`. Made from its content, a name means one picture for ever."""

    def __init__(self, root: Path, names: re.Pattern[str]) -> None:
        self.root = root
        self.names = names
        self._files: dict[str, File] = {}

    def find(self, name: str) -> File | None:
        if not self.names.fullmatch(name):
            return None
        if name not in self._files:
            try:
                content = (self.root / name).read_bytes()
            except OSError:
                return None
            self._files = {**dict(list(self._files.items())[-3:]), name: File(name, {b"": content})}
        return self._files[name]


class Front:
    """ASGI application: static files, the logo and HEALTH itself, everything else by `application`.

    Under `/static/<tree>/` files never change; under any other tree's name the current file is given, to be asked
    for again each time: a page from before a release goes on working. `headers` go on each answer.
    """

    def __init__(
        self,
        application: Application,
        *,
        tree: str,
        files: Collected | Sources,
        headers: Mapping[str, str],
        pictures: Path,
        logos: Logos | None = None,
        explain: Explain = lambda *_: None,
    ) -> None:
        self.application = application
        self.files = files
        self.logos = logos
        self.explain = explain
        self.headers: Headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self.current = f"/static/{tree}/"
        self.pictures = Pictures(pictures)
        self.for_ever = isinstance(files, Collected)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.startswith("/static/"):
            await self.static(scope, send)
        elif scope["type"] == "http" and self.logos and path.startswith("/media/"):
            await self.media(scope, send)
        elif scope["type"] == "http" and path.startswith("/hls/"):
            await self.picture(scope, send)
        elif scope["type"] == "http" and path in HEALTH:
            await self.health(scope, send, path)
        else:
            await self.application(scope, receive, send)

    async def health(self, scope: Scope, send: Any, path: str) -> None:
        """For machines. What exactly is wrong, and the figures, are told to this machine alone."""
        near, kind, status = is_near(scope), TEXT, 200
        if path == "/healthz":
            body = b"ok\n"
        elif path == "/readyz":
            wrong = await readiness.answer()
            status = 503 if wrong else 200
            kind, body = (JSON, as_json(wrong)) if near else (TEXT, b"not ready\n" if wrong else b"ready\n")
        elif near:
            kind, body = metrics.CONTENT_TYPE.encode(), await asyncio.to_thread(metrics.text)
        else:
            status, body = 404, b"Not found\n"
        await self.answer(
            scope, send, status, [(b"content-type", kind), (b"cache-control", b"no-store")], body
        )

    async def static(self, scope: Scope, send: Any) -> None:
        path = scope["path"]
        name = path.split("/", 3)[3] if path.count("/") > 2 else ""
        fresh = FOR_EVER if self.for_ever and path.startswith(self.current) else b"no-cache"
        await self.file(scope, send, self.files.find(name) if name else None, fresh)

    async def media(self, scope: Scope, send: Any) -> None:
        assert self.logos is not None
        await self.file(scope, send, self.logos.find(scope["path"].removeprefix("/media/")), FOR_EVER)

    async def file(self, scope: Scope, send: Any, file: File | None, fresh: bytes) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            refusal = [(b"content-type", TEXT), (b"allow", b"GET, HEAD")]
            await self.answer(scope, send, 405, refusal, b"Method not allowed\n")
            return
        if file is None:
            await self.missing(scope, send)
            return
        asked = dict(scope["headers"])
        encoding = file.best(asked.get(b"accept-encoding", b""))
        etag = f'"{file.etag}{"-" if encoding else ""}{encoding.decode()}"'.encode()
        headers = [(b"etag", etag), (b"cache-control", fresh), (b"vary", b"Accept-Encoding")]
        if etag in _tags(asked.get(b"if-none-match", b"")):
            await self.answer(scope, send, 304, headers, b"")
            return
        headers.append((b"content-type", file.kind))
        if encoding:
            headers.append((b"content-encoding", encoding))
        await self.answer(scope, send, 200, headers, file.bodies[encoding])

    async def picture(self, scope: Scope, send: Any) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await self.answer(scope, send, 405, [(b"allow", b"GET, HEAD")], b"")
        else:
            found = await self.pictures.answer(scope["path"], dict(scope["headers"]))
            if found.rest is None:
                await self.answer(scope, send, found.status, found.headers, found.body)
            else:
                await self.long(scope, send, found, *found.rest)

    async def long(self, scope: Scope, send: Any, begun: Answer, file: Path, first: int, end: int) -> None:
        """A file of any length, a part at a time, no faster than it is read."""
        length = len(begun.body) + end - first + 1
        headers = [*begun.headers, (b"content-length", b"%d" % length), *self.headers]
        await send({"type": "http.response.start", "status": begun.status, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.body", "body": begun.body, "more_body": True})
        while first <= end:
            part = await asyncio.to_thread(read, file, first, min(end, first + LONGEST - 1))
            first += len(part) or end + 1  # it was cut off meanwhile: the connection tells
            await send({"type": "http.response.body", "body": part, "more_body": first <= end})

    async def missing(self, scope: Scope, send: Any) -> None:
        plain: tuple[Headers, bytes] = [(b"content-type", TEXT)], b"Not found\n"
        headers, body = self.explain(404, scope["path"], dict(scope["headers"])) or plain
        await self.answer(scope, send, 404, [*headers, (b"cache-control", b"no-store")], body)

    async def answer(self, scope: Scope, send: Any, status: int, headers: Headers, body: bytes) -> None:
        if status != 304:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        own = {name for name, _ in headers}
        common = [pair for pair in self.headers if pair[0] not in own]
        start = {"type": "http.response.start", "status": status, "headers": [*headers, *common]}
        await send(start)
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def refuse_socket(scope: Scope, receive: Any, send: Any) -> None:
    """For WebSocket paths nobody knows: 403, the same as for a room one may not enter, and no traceback."""
    await receive()
    await send({"type": "websocket.close"})


def front(application: Application) -> Application:
    """The front with the site's settings; inside it, scopes tell the truth about who is asking."""
    from django.conf import settings

    from config import plain
    from config.logo import FILE
    from config.security import static_headers

    root = Path(settings.STATIC_ROOT)
    files = Sources() if settings.DEBUG or not root.is_dir() else Collected(root)
    whole = Front(
        application,
        tree=root.name,
        files=files,
        headers=static_headers(),
        pictures=Path(settings.DATA_DIR) / "hls",
        logos=Logos(Path(settings.MEDIA_ROOT), FILE),
        explain=plain.page,
    )
    return metrics.Counted(Addresses(whole, settings.TRUSTED_PROXY))


def _tags(header: bytes) -> list[bytes]:
    return [part.strip().removeprefix(b"W/") for part in header.split(b",")]

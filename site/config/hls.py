"""Live and recorded pictures as files: playlists and segments under DATA_DIR/hls, answered before Django.

`/hls/<stream>/<file>`: the stream's name is a ticket nobody can guess. A segment never changes and is asked for by
everybody at the same moment: it is read once and kept a while. A playlist is written anew every second or two.
"""

import asyncio
import re
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

NAME = re.compile(
    r"/hls/(?P<stream>[A-Za-z0-9_-]{16,64})/(?P<file>[A-Za-z0-9_-]{1,64}\.(?P<kind>m3u8|m4s|mp4|vtt))"
)
RANGE = re.compile(rb"bytes=(\d*)-(\d*)")
TYPES = {
    "m3u8": b"application/vnd.apple.mpegurl",
    "m4s": b"video/iso.segment",
    "mp4": b"video/mp4",
    "vtt": b"text/vtt; charset=utf-8",
}
GROWING = frozenset({"m3u8", "vtt"})  # asked about each time; the others stay as they are
KEPT = 32 * 1024 * 1024  # bytes of segments in memory
LONGEST = 4 * 1024 * 1024  # bytes of one kept, and of one answer: a player asks for the next part by itself

Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """`rest`: what follows the body when a long file is wanted whole: the file, and from where to where."""

    status: int
    headers: Headers
    body: bytes
    rest: tuple[Path, int, int] | None = None


class Pictures:
    """The files below one folder, and nothing else, whatever the path says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._size = 0

    async def answer(self, path: str, asked: dict[bytes, bytes]) -> Answer:
        """A file or a part of it; 404, 304 and 416 as HTTP wants them. `asked`: the request's headers."""
        found = NAME.fullmatch(path)
        file = self.root / found["stream"] / found["file"] if found else None
        try:
            state = file.stat() if file else None
        except OSError:
            state = None
        if found is None or file is None or state is None or file.is_symlink():
            return Answer(404, [(b"cache-control", b"no-store")], b"Not found\n")
        tag = b'"%x-%x"' % (state.st_mtime_ns, state.st_size)
        fresh = b"no-cache" if found["kind"] in GROWING else b"private, max-age=86400, immutable"
        headers = [(b"etag", tag), (b"cache-control", fresh), (b"accept-ranges", b"bytes")]
        if tag in [part.strip() for part in asked.get(b"if-none-match", b"").split(b",")]:
            return Answer(304, headers, b"")
        first, last, partly = 0, min(state.st_size, LONGEST) - 1, False
        if wanted := RANGE.fullmatch(asked.get(b"range", b"").strip()):
            first, last = _span(wanted[1], wanted[2], state.st_size)
            partly = True
            if first > last:
                return Answer(416, [*headers, (b"content-range", b"bytes */%d" % state.st_size)], b"")
        key = (f"{path}:{first}-{last}", state.st_mtime_ns, state.st_size)
        body = self._kept.get(key)
        if body is None:
            body = await asyncio.to_thread(read, file, first, last)
            self._keep(key, body)
        headers.append((b"content-type", TYPES[found["kind"]]))
        if partly:
            headers.append((b"content-range", b"bytes %d-%d/%d" % (first, last, state.st_size)))
        rest = None if partly or last + 1 >= state.st_size else (file, last + 1, state.st_size - 1)
        return Answer(206 if partly else 200, headers, body, rest)

    def _keep(self, key: tuple[str, int, int], body: bytes) -> None:
        self._size += len(body) - len(self._kept.pop(key, b""))
        self._kept[key] = body
        while self._size > KEPT:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone)


def _span(first: bytes, last: bytes, size: int) -> tuple[int, int]:
    """RFC 9110 §14.1.2: a span, one open to the end, or so many bytes before the end."""
    if not first:
        return (max(0, size - int(last)), size - 1) if last and int(last) else (1, 0)
    start = int(first)
    end = min(size, int(last) + 1 if last else size) - 1
    return start, min(end, start + LONGEST - 1)


def read(file: Path, first: int, last: int) -> bytes:
    """Both ends included, as HTTP counts."""
    with file.open("rb") as opened:
        opened.seek(first)
        return opened.read(last - first + 1)

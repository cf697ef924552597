"""Pictures somebody may upload, and what only looks like one."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def picture(
    kind: str = "PNG", size: tuple[int, int] = (300, 120), colour: Any = "#0b57c2", **more: Any
) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", size, colour).save(out, kind, **more)
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is that large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 99))
        + chunk(b"IEND", b"")
    )


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
# Its first bytes are a GIF's and a comment's: what a browser that guesses might run.
POLYGLOT = b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)//"

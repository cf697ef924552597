"""A server in a process of its own as tests hold it, and sockets raw enough to misbehave."""

import json
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect


class Serving:
    """The process, and the ways to talk to it."""

    def __init__(self, log: Path, arguments: dict[str, Any]) -> None:
        self.log = log
        self.opened: list[socket.socket] = []
        script = Path(__file__).with_name("serving.py")
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, script, json.dumps(arguments)],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline() or "0")
        assert self.port, log.read_text()

    def get(self, path: str, body: dict[str, Any] | bytes | None = None) -> bytes:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data, timeout=60) as answer:
            return bytes(answer.read())

    def seen(self) -> dict[str, Any]:
        return dict(json.loads(self.get("/seen")))

    def wait_for(self, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What the server has seen, as soon as it is so."""
        until = time.monotonic() + 40
        while not true(seen := self.seen()):
            assert time.monotonic() < until, seen
            time.sleep(0.05)
        return seen

    def open(self, name: str, **options: Any) -> ClientConnection:
        options = {"ping_interval": None, "compression": None, "max_size": None, "legacy": True} | options
        scheme = "wss" if "ssl" in options else "ws"
        return connect(f"{scheme}://127.0.0.1:{self.port}/ws/webinars/{name}", **options)

    def raw(self, *, takes: int | None = None) -> socket.socket:
        """A TCP connection; `takes` bounds what its kernel receives for it when it never reads."""
        one = socket.socket()
        if takes:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        self.opened.append(one)
        one.settimeout(60)
        one.connect(("127.0.0.1", self.port))
        return one

    def raw_open(self, path: str, **options: Any) -> socket.socket:
        """A WebSocket of which the test writes every byte itself."""
        one = self.raw(**options)
        one.sendall(handshake(path))
        head = b""
        while not head.endswith(b"\r\n\r\n"):  # byte by byte, so that nothing of the first frame is lost
            head += one.recv(1) or pytest.fail(f"closed after {head!r}")
        assert head.startswith(b"HTTP/1.1 101"), head
        return one

    def stop(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def close(self) -> None:
        for one in self.opened:
            one.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()

    def end(self) -> int:
        """Waits for the process to end by itself; its exit code."""
        return self.process.wait(timeout=60)


def handshake(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()


def masked(payload: bytes, first: int = 0x81) -> bytes:
    """A frame as a browser sends it (mask of zeros)."""
    if len(payload) < 126:
        head = bytes([first, 0x80 | len(payload)])
    elif len(payload) < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, len(payload))
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, len(payload))
    return head + bytes(4) + payload


def read_frame(one: socket.socket) -> tuple[int, bytes]:
    """Opcode and payload of the next frame; (-1, b"") when the connection ended."""
    try:
        head = exactly(one, 2)
        length = head[1]
        if length == 126:
            length = struct.unpack("!H", exactly(one, 2))[0]
        elif length == 127:
            length = struct.unpack("!Q", exactly(one, 8))[0]
        return head[0] & 15, exactly(one, length)
    except (EOFError, ConnectionError):
        return -1, b""


def exactly(one: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = one.recv(count - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)

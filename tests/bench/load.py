"""A crowd in one thread: raw epoll, no WebSocket library, so that the crowd costs less than the server it measures.

All readers of a room get the same bytes, so a chunk is taken apart once and every other reader costs one read and one
dictionary hit. What each reader's page would show is followed the same way, as a chain of states.
"""

import base64
import json
import os
import random
import select
import socket
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

now = time.monotonic
Frame = tuple[int, bytes]


@dataclass
class Measured:
    """What the crowd saw in one round. Times in seconds."""

    joined: int = 0
    refused: int = 0  # handshakes that had to be tried again
    join_seconds: float = 0.0
    frames: int = 0
    bytes: int = 0
    delivered: int = 0
    expected: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    last: dict[str, float] = field(default_factory=dict)  # stamp → seconds until the last reader had it
    acks: list[float] = field(default_factory=list)
    closed: int = 0
    states: set[str] = field(default_factory=set)


class Talk(ABC):
    """How one kind of server is spoken to."""

    path = "/"

    @abstractmethod
    def post(self, stamp: str) -> str:
        """A participant's question that carries a stamp."""

    @abstractmethod
    def vote(self, ref: str) -> str: ...

    @abstractmethod
    def stamps(self, message: Any) -> list[str]:
        """The stamps of the questions in a received message."""

    def ack(self, message: Any) -> str | None:
        """The ref that a message acknowledges."""
        return None

    def follow(self, state: Any, message: Any) -> Any:
        """The page's state after a message; None where nobody follows."""
        return None


class Crowd:
    """`n` sockets on one server. `cookies` gives each its session."""

    def __init__(self, port: int, talk: Talk, n: int, cookies: Sequence[str] = ()) -> None:
        self.port, self.talk, self.n, self.cookies = port, talk, n, cookies
        self.epoll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.rest: dict[int, bytes] = {}
        self.state: dict[int, int] = {}
        self.number: dict[int, int] = {}  # which of the crowd a socket is
        self.stood: dict[int, int] = {}  # the state somebody comes back with
        self.states: list[Any] = [None]
        self.steps: dict[tuple[int, bytes], tuple[int, list[str], int, list[str]]] = {}
        self.sent: dict[str, float] = {}
        self.asked: dict[str, float] = {}
        self.seen: dict[str, int] = {}
        self.measured = Measured()

    # --- joining --------------------------------------------------------------------------------------

    def join(self, window: int = 100) -> None:
        """Open all sockets, `window` handshakes at a time, and wait until everybody has been greeted."""
        start, started, again = now(), 0, 0
        waiting: dict[int, tuple[socket.socket, int]] = {}
        poll = select.epoll()
        buffers: dict[int, bytes] = {}
        while self.measured.joined < self.n:
            while started - again < self.n and len(waiting) < window:
                sock = socket.socket()
                sock.setblocking(False)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect_ex(("127.0.0.1", self.port))
                waiting[sock.fileno()] = (sock, started % self.n)
                poll.register(sock.fileno(), select.EPOLLOUT)
                started += 1
            for fd, event in poll.poll(10):
                sock, number = waiting[fd]
                if event & select.EPOLLOUT and fd not in buffers:
                    sock.send(self._request(number))
                    buffers[fd] = b""
                    poll.modify(fd, select.EPOLLIN)
                    continue
                data = sock.recv(65536)
                buffers[fd] += data
                if not data:
                    raise RuntimeError(f"refused: {buffers[fd][:200]!r}")
                if b"\r\n\r\n" in buffers[fd]:
                    head, _, rest = buffers[fd].partition(b"\r\n\r\n")
                    poll.unregister(fd)
                    del waiting[fd], buffers[fd]
                    if b" 101 " not in head[:20]:  # a saturated server gives up on handshakes
                        sock.close()
                        again += 1
                        self.measured.refused += 1
                        if again > self.n:
                            raise RuntimeError(f"refused: {head[:200]!r}")
                        continue
                    self.sockets[fd], self.state[fd], self.number[fd] = (
                        sock,
                        self.stood.get(number, 0),
                        number,
                    )
                    self.epoll.register(fd, select.EPOLLIN)
                    self.measured.joined += 1
                    if rest:
                        self._take(fd, rest, now())
        self.measured.join_seconds = now() - start

    def _request(self, number: int) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        cookie = f"Cookie: sessionid={self.cookies[number]}\r\n" if self.cookies else ""
        path = self.talk.path + self._since(number)
        return (
            f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://localhost:{self.port}\r\n{cookie}\r\n"
        ).encode()

    def _since(self, number: int) -> str:
        """Where this one's page stands already."""
        state = self.states[self.stood.get(number, 0)]
        return f"?since={state['cursor']}" if state else ""

    # --- the round ------------------------------------------------------------------------------------

    def run(
        self, *, posts: float, votes: float, seconds: float, settle: float = 1.5, longest: float = 30
    ) -> None:
        """Post and vote at fixed rates (open loop) from random sockets, then wait until it is quiet."""
        dice = random.Random(1)
        fds = list(self.sockets)
        start = now()
        next_post = start if posts else float("inf")
        next_vote = start + 0.5 / votes if votes else float("inf")
        number = 0
        while (at := now()) < start + seconds:
            while min(next_post, next_vote) <= at:
                number += 1
                fd = dice.choice(fds)
                if next_post <= next_vote:
                    stamp = f"s{os.getpid()}x{number}x"
                    self.sent[stamp] = now()
                    self._send(fd, self.talk.post(stamp))
                    next_post += 1 / posts
                else:
                    ref = f"v{number}"
                    self.asked[ref] = now()
                    self._send(fd, self.talk.vote(ref))
                    next_vote += 1 / votes
            self.pump(max(0.0, min(0.02, min(next_post, next_vote, start + seconds) - now())))
        self.measured.seconds = now() - start
        quiet, end = now(), now() + longest
        while now() - quiet < settle and now() < end:
            if self.pump(0.05):
                quiet = now()
        self.measured.expected = len(self.sent) * len(self.sockets)
        self.measured.states = {digest(self.states[n]) for n in self.state.values()}

    def settle(self, seconds: float = 1.0, longest: float = 60) -> None:
        """Read until nothing came for a while; forget what was measured so far but who joined."""
        quiet, end = now(), now() + longest
        while now() - quiet < seconds and now() < end:
            if self.pump(0.05):
                quiet = now()
        joined, refused, took = self.measured.joined, self.measured.refused, self.measured.join_seconds
        self.measured = Measured(joined=joined, refused=refused, join_seconds=took)

    def pump(self, timeout: float) -> int:
        events = self.epoll.poll(timeout)
        for fd, _ in events:
            try:
                data = os.read(fd, 262_144)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if data:
                self._take(fd, data, now())
            else:
                self.epoll.unregister(fd)
                self.sockets.pop(fd).close()
                self.stood[self.number[fd]] = self.state.pop(fd)
                self.measured.closed += 1
        return len(events)

    def close(self) -> None:
        for sock in self.sockets.values():
            sock.close()
        self.epoll.close()

    def _take(self, fd: int, data: bytes, at: float) -> None:
        m = self.measured
        m.bytes += len(data)
        before = self.rest.pop(fd, b"")
        key = (self.state[fd], data) if not before else None
        step = self.steps.get(key) if key else None
        if step is None:
            frames, rest = split(before + data)
            step = self._step(fd, self.state[fd], frames)
            if rest:
                self.rest[fd] = rest
            elif key and not any(code in (8, 9) for code, _ in frames):
                if len(self.steps) > 20_000:
                    self.steps.clear()
                self.steps[key] = step
        self.state[fd], stamps, frames_in, acks = step
        m.frames += frames_in
        for stamp in stamps:
            sent = self.sent.get(stamp)
            if sent is not None:
                m.delivered += 1
                m.latencies.append(at - sent)
                m.last[stamp] = at - sent
        for ref in acks:
            asked = self.asked.pop(ref, None)
            if asked is not None:
                m.acks.append(at - asked)

    def _step(self, fd: int, state: int, frames: list[Frame]) -> tuple[int, list[str], int, list[str]]:
        stamps: list[str] = []
        acks: list[str] = []
        count = 0
        page = self.states[state]
        for code, payload in frames:
            if code == 9:
                self._send_frame(fd, 0x8A, payload)
            if code not in (1, 2):
                continue
            message = json.loads(payload)
            ref = self.talk.ack(message)
            if ref is not None:
                acks.append(ref)
                continue
            count += 1
            stamps += self.talk.stamps(message)
            page = self.talk.follow(page, message)
        if page is not self.states[state]:
            self.states.append(page)
            state = len(self.states) - 1
        return state, stamps, count, acks

    def _send(self, fd: int, text: str) -> None:
        self._send_frame(fd, 0x81, text.encode())

    def _send_frame(self, fd: int, head: int, payload: bytes) -> None:
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
        sock = self.sockets.get(fd)
        if sock is not None:
            try:
                sock.send(bytes([head]) + length + b"\0\0\0\0" + payload)
            except OSError:
                self.measured.closed += 1


def split(data: bytes) -> tuple[list[Frame], bytes]:
    """Complete frames of a server's bytes, and what is left."""
    frames: list[Frame] = []
    i, size = 0, len(data)
    while size - i >= 2:
        n, j = data[i + 1] & 127, i + 2
        if n == 126:
            if size - j < 2:
                break
            n, j = int.from_bytes(data[j : j + 2], "big"), j + 2
        elif n == 127:
            if size - j < 8:
                break
            n, j = int.from_bytes(data[j : j + 8], "big"), j + 8
        if size - j < n:
            break
        frames.append((data[i] & 15, data[j : j + n]))
        i = j + n
    return frames, data[i:]


def digest(state: Any) -> str:
    import hashlib

    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def percentile(values: Sequence[float], share: float) -> float | None:
    """In milliseconds."""
    if not values:
        return None
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(len(ranked) * share))] * 1000, 1)


def cpu(pid: int) -> float:
    """Seconds of CPU a process and its threads have had, children included (utime + stime)."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_exact(pid: int) -> float:
    """The same to the nanosecond, of the threads that live."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        except OSError:
            continue
    return total / 1e9


def memory_kb(pid: int) -> int:
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


Starter = Callable[[], Any]

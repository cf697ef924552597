"""What lines do to the server: readers that never read, and everybody told at once that it restarts.

python3 manage.py bench lines [-n 2000] [--slow 10] [--secs 25]
"""

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path[:0] = [str(Path(__file__).resolve().parents[2])]  # started by its path, from anywhere

from tests.bench import sides  # noqa: E402
from tests.bench.load import Crowd, cpu_exact, memory_kb, now, percentile, split  # noqa: E402

LONG = "Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ? " * 11
READERS = 200  # people who do read, beside those who do not


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench lines")
    parser.add_argument("-n", type=int, default=2000, help="sockets that are told of the restart")
    parser.add_argument("--slow", type=int, default=10, help="readers that never read")
    parser.add_argument("--secs", type=float, default=25)
    args = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    folder = Path(tempfile.mkdtemp(prefix="sild-bench-"))
    try:
        sides.prepare(folder)
        result = slow_readers(args) | drain(args)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    result["machine"] = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    for key, value in result.items():
        print(f"{key:32} {value}")
    print(json.dumps(result))


def slow_readers(args: argparse.Namespace) -> dict[str, Any]:
    """The same room without and with them: what they cost in memory, and whether the others wait longer."""
    server = sides.serve_ours()
    try:
        round_of(server, 0, 2.0)  # first connections, imports and statements are nobody's steady state
        alone, together = round_of(server, 0, args.secs), round_of(server, args.slow, args.secs)
    finally:
        server.stop()
    return {
        "slow_readers": args.slow,
        "slow_kb_each": round(max(0, together["grown"] - alone["grown"]) / max(1, args.slow), 1),
        "peak_grown_kb_without": alone["grown"],
        "peak_grown_kb_with": together["grown"],
        "sent_to_each_kb": together["sent"],
        "ack_p50_ms_without": alone["p50"],
        "ack_p50_ms_with": together["p50"],
        "ack_p99_ms_without": alone["p99"],
        "ack_p99_ms_with": together["p99"],
        "us_per_frame_without": alone["us"],
        "us_per_frame_with": together["us"],
    }


def round_of(server: sides.Server, slow: int, seconds: float) -> dict[str, Any]:
    webinar, questions, _, sessions = sides.make_room(READERS + slow)
    questions += many_more(webinar)
    talk = sides.Ours(webinar, questions)
    crowd = Crowd(server.port, talk, READERS, sessions[:READERS])
    crowd.join()
    deaf = [never_reads(server.port, talk.path, session) for session in sessions[READERS:]]
    crowd.settle()
    peak = Peak(server.pid)
    cpu = cpu_exact(server.pid)
    crowd.run(posts=0, votes=400, seconds=seconds, longest=60)
    used, grown = cpu_exact(server.pid) - cpu, peak.grown()
    m = crowd.measured
    crowd.close()
    for one in deaf:
        one.close()
    time.sleep(1)
    return {
        "grown": grown,
        "sent": round(m.bytes / READERS / 1024),
        "p50": percentile(m.acks, 0.5),
        "p99": percentile(m.acks, 0.99),
        "us": round(used / max(1, m.frames) * 1e6, 1),
    }


class Peak(threading.Thread):
    """The most memory a process has held, looked at five times a second: who stalls for long is let go."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.first = self.most = memory_kb(pid)
        self.going = True
        self.start()

    def run(self) -> None:
        while self.going:
            self.most = max(self.most, memory_kb(self.pid))
            time.sleep(0.2)

    def grown(self) -> int:
        """In KB."""
        self.going = False
        self.join()
        return self.most - self.first


def many_more(webinar: int) -> list[int]:
    """Long questions with as many votes as there are: each vote brings others into the window, whole."""
    from django.utils import timezone

    from webinars.models import Participant, Question

    asker = Participant.objects.filter(webinar=webinar).order_by("pk")[0]
    made = Question.objects.bulk_create(
        Question(
            webinar_id=webinar, participant=asker, client_id=uuid4(), text=f"{n}: {LONG}", language="mn",
            visibility="published", published_at=timezone.now(), first_public_seq=0,
        )
        for n in range(400)
    )  # fmt: skip
    return [question.pk for question in made]


def never_reads(port: int, path: str, session: str) -> socket.socket:
    """Joins, takes the handshake's answer, and then nothing; its kernel keeps as little as it may."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", port))
    sock.sendall(
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Origin: http://localhost:{port}\r\nCookie: sessionid={session}\r\n\r\n".encode()
    )
    assert b" 101 " in sock.recv(64)
    return sock


def drain(args: argparse.Namespace) -> dict[str, Any]:
    """SIGTERM with `n` sockets open: how long until each has its 1012, and until the process is gone."""
    server = sides.serve_ours()
    webinar, questions, _, sessions = sides.make_room(args.n)
    crowd = Crowd(server.port, sides.Ours(webinar, questions), args.n, sessions)
    crowd.join()
    crowd.settle()
    start = now()
    server.process.send_signal(signal.SIGTERM)
    codes: dict[int, int] = {}
    last = start
    waiting = dict(crowd.sockets)
    rest: dict[int, bytes] = {}
    while waiting and now() - start < 60:
        for fd, _ in crowd.epoll.poll(0.5):
            data = _read(fd)
            frames, rest[fd] = split(rest.get(fd, b"") + data)
            code = next((struct.unpack("!H", words[:2])[0] for kind, words in frames if kind == 8), None)
            if code is None and data:
                continue
            code = code or 1006
            codes[code] = codes.get(code, 0) + 1
            last = now()
            crowd.epoll.unregister(fd)
            sock = waiting.pop(fd)
            if code != 1006:
                sock.sendall(b"\x88\x82\0\0\0\0" + struct.pack("!H", code))  # as a browser answers
    server.process.wait(30)
    gone = now()
    for sock in crowd.sockets.values():
        sock.close()
    server.stop()
    return {
        "drained": args.n,
        "drain_codes": codes,
        "drain_last_s": round(last - start, 2),
        "drain_gone_s": round(gone - start, 2),
    }


def _read(fd: int) -> bytes:
    """What has come; b"" when the line ended without a word."""
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


if __name__ == "__main__":
    main()

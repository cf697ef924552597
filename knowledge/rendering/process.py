"""The parent's end of the rendering process: one warm child, a deadline for every text, a new child after a bad one."""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 2.0
START_SECONDS = 20.0  # a cold disk and a busy machine; warm it is a fifth of a second
QUEUE_SECONDS = 15.0


class TookTooLong(Exception):
    """The text was not finished after SECONDS; the child that worked on it is dead."""


class ChildDied(Exception):
    """The child ended without an answer."""


class Renderer:
    """Renders one text at a time, from any thread. The child starts with the first text and stays."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.owner = 0  # the process that started the child: after a fork its pipes are the other one's

    def ask(self, job: dict[str, Any]) -> dict[str, Any]:
        """The child's answer. A child that died (killed, out of memory) gets one successor, then ChildDied."""
        if not self.lock.acquire(timeout=QUEUE_SECONDS):
            raise TookTooLong("others are being rendered")
        try:
            line = json.dumps(job).encode() + b"\n"
            try:
                return self._ask_once(line)
            except ChildDied:
                return self._ask_once(line)
        finally:
            self.lock.release()

    def stop(self) -> None:
        """Ends the child, if there is one. The next text starts another."""
        with self.lock:
            self._kill()

    def pid(self) -> int | None:
        """The child's process id while it is up, for tests and health pages."""
        return self.child.pid if self.child and self.child.poll() is None else None

    def _ask_once(self, line: bytes) -> dict[str, Any]:
        child = self._alive()
        try:
            return self._exchange(child, line, time.monotonic() + SECONDS)
        except (ChildDied, TookTooLong):
            self._kill()
            raise

    def _alive(self) -> subprocess.Popen[bytes]:
        if self.owner != os.getpid():
            self.child, self.owner = None, os.getpid()
            atexit.register(self._kill)
        if self.child is None or self.child.poll() is not None:
            self._kill()
            # Its own session: Ctrl-C in the terminal is for the server, which closes the pipe, which ends the child.
            self.child = subprocess.Popen(
                [sys.executable, "-s", "-m", "knowledge.rendering.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env={"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PATH": os.defpath},
                start_new_session=True,
                bufsize=0,
            )
            assert self.child.stdin
            assert self.child.stdout
            os.set_blocking(self.child.stdin.fileno(), False)
            os.set_blocking(self.child.stdout.fileno(), False)
            try:
                self._exchange(self.child, b"", time.monotonic() + START_SECONDS)
            except TookTooLong as slow:
                self._kill()
                raise ChildDied("it did not start") from slow
        return self.child

    def _exchange(self, child: subprocess.Popen[bytes], line: bytes, deadline: float) -> dict[str, Any]:
        """Writes the line and reads one back, neither ever blocking past the deadline."""
        assert child.stdin
        assert child.stdout
        into, out = child.stdin.fileno(), child.stdout.fileno()
        poll = select.poll()
        poll.register(out, select.POLLIN)
        if line:
            poll.register(into, select.POLLOUT)
        read: list[bytes] = []
        while True:
            left = deadline - time.monotonic()
            events = dict(poll.poll(max(0.0, left) * 1000))
            if not events:
                raise TookTooLong(f"no answer after {SECONDS} s")
            if into in events:
                line = self._write(into, line)
                if not line:
                    poll.unregister(into)
            if out in events:
                piece = os.read(out, 1 << 16)
                if not piece:
                    raise ChildDied("it ended without an answer")
                read.append(piece)
                if piece.endswith(b"\n"):
                    answer: dict[str, Any] = json.loads(b"".join(read))
                    return answer

    def _write(self, into: int, line: bytes) -> bytes:
        try:
            return line[os.write(into, line[: 1 << 16]) :]
        except BlockingIOError:
            return line
        except BrokenPipeError as gone:
            raise ChildDied("it closed its input") from gone

    def _kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            for pipe in (self.child.stdin, self.child.stdout):
                if pipe:
                    pipe.close()
            self.child = None

"""The real server as a process of its own, and people who talk to it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import websockets.sync.client
from django.conf import settings
from django.db import connection

from webinars.live.admission import SEATS
from webinars.models import Participant

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 30  # seconds for something to happen on a busy machine


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Site:
    """`manage.py serve` on the test's database."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data / "server.log"
        self._logged_before = 0  # bytes

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "DATA_DIR": str(self.data),
            "DATABASE_URL": database_url(),
            "SECRET_KEY": settings.SECRET_KEY,
            "QUICKSTART": "1",
            "BUDGET_FACTOR": "1000",
            "FIRST_RUN": "0",  # most tests have nobody who administers anything
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT, env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE * 2
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                with closing(http.client.HTTPConnection("localhost", self.port, timeout=5)) as line:
                    line.request("GET", "/healthz")
                    if line.getresponse().status == 200:
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")

    def ensure(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE)

    def terminate(self) -> int:
        """As an administrator would; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def restart(self) -> None:
        """Anew, without what it remembers of tables that were emptied since (Django keeps the content types)."""
        self.stop()
        self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()

    def begin_log(self) -> None:
        """What other tests made the server say is theirs."""
        self._logged_before = self.log.stat().st_size

    def logged(self) -> str:
        """What the server said in this test."""
        return self.log.read_bytes()[self._logged_before :].decode()

    @contextmanager
    def socket(
        self,
        person: Participant,
        since: str = "",
        *,
        session: str = "",
        origin: str | None = None,
        **headers: str,
    ) -> Iterator["Line"]:
        """An open socket of this person, with a session of their own unless one is given."""
        cookie = session or session_of(person)
        since = f"?since={since}" if since else ""
        with websockets.sync.client.connect(
            f"ws://localhost:{self.port}/ws/webinars/{person.webinar_id}/{since}",
            origin=origin if origin is not None else self.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", **headers},
            compression=None,
            open_timeout=PATIENCE,
        ) as ws:
            yield Line(ws)


class Line:
    """One person's socket, and what they have heard so far."""

    def __init__(self, ws: Any) -> None:
        self.ws = ws
        self.heard: list[dict[str, Any]] = []
        self._ref = 0

    def say(self, do: str, **fields: Any) -> str:
        self._ref += 1
        self.ws.send(json.dumps({"ref": str(self._ref), "do": do, **fields}, ensure_ascii=False))
        return str(self._ref)

    def hear(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next message."""
        message = json.loads(self.ws.recv(timeout))
        self.heard.append(message)
        return message

    def hear_all(self) -> None:
        """Until the line ends, which raises. It must not hang on a line that only beats."""
        end = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end:
            self.hear()
        raise AssertionError(f"the line did not end; heard {self.heard[-5:]}")

    def until(self, *keys: str, **values: Any) -> dict[str, Any]:
        """The next message that has these keys and values."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            message = self.hear(end - time.monotonic())
            if all(key in message for key in keys) and all(message.get(k) == v for k, v in values.items()):
                return message
        raise AssertionError(f"never heard {keys} {values}; heard {self.heard[-5:]}")

    def ask_for(self, do: str, **fields: Any) -> dict[str, Any]:
        """Say and hear the reply to it."""
        return self.until(ref=self.say(do, **fields))

    def quiet(self, seconds: float = 0.5) -> list[dict[str, Any]]:
        """What comes within a while; [] when nothing does."""
        heard: list[dict[str, Any]] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                heard.append(self.hear(left))
            except TimeoutError:
                break
        return heard


def session_of(person: Participant) -> str:
    """A fresh session in which the browser is this participant."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SEATS] = {str(person.webinar_id): person.pk}
    session.create()
    return str(session.session_key)


def database_url() -> str:
    """The test database as a DATABASE_URL for the server process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    host = str(facts["HOST"]).replace("/", "%2F")
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{host}:{facts['PORT']}/{facts['NAME']}"

"""The servers that are compared, each a process of its own on a free loopback port: ours, textbook, limit."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.load import Talk
from tests.webinars.reducer import reduce

ROOT = Path(__file__).resolve().parents[2]
SEEDED = 20  # questions that are there to be voted for
WORDS = "How do we reach elderly citizens who do not own a smartphone, and who pays for it? " * 2


def prepare(folder: Path, **environment: str) -> None:
    """A fresh database in a fresh folder, and Django ready on it, in this process and those it starts."""
    os.environ |= {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-this-bench-" + uuid4().hex,
        "BUDGET_FACTOR": "1000000",  # the one setting a bench changes: a crowd of robots asks too often
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **environment,
    }
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


class Server:
    """A process that listens on `port`."""

    def __init__(self, command: Sequence[str], port: int, **environment: str) -> None:
        self.port = port
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log", delete=False)  # noqa: SIM115 (read on failure)
        self.command, self.environment = list(command), environment
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=self.log, stderr=self.log, env=os.environ | self.environment
        )
        for _ in range(600):
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"{self.command} did not start:\n{Path(self.log.name).read_text()[-3000:]}")

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def serve_ours() -> Server:
    port = free_port()
    return Server([sys.executable, "manage.py", "serve", "--port", str(port)], port)


def serve_textbook(redis: str = "") -> Server:
    port = free_port()
    bind = f"tcp:{port}:interface=127.0.0.1:backlog=2048"  # stock backlog 50 would measure SYN retries
    command = [sys.executable, "-m", "daphne", "-e", bind, "tests.bench.textbook:application"]
    return Server(command, port, PYTHONPATH=f"{ROOT / 'site'}:{ROOT}", TEXTBOOK_REDIS=redis)


def serve_empty() -> Server:
    port = free_port()
    bind = f"tcp:{port}:interface=127.0.0.1"
    command = [sys.executable, "-m", "daphne", "-v", "0", "-e", bind, "tests.bench.empty:application"]
    return Server(command, port, PYTHONPATH=str(ROOT), DJANGO_SETTINGS_MODULE="")


def serve_limit(folder: Path) -> Server | None:
    """The C server, compiled here; None where there is no compiler."""
    program = folder / "limit"
    source = ROOT / "tests" / "bench" / "limit.c"
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or subprocess.run([compiler, "-O2", source, "-o", program, "-ldl"]).returncode:
        return None
    port = free_port()
    return Server([str(program), str(port), str(folder / f"limit-{port}.sqlite3")], port)


# --- rooms and people -------------------------------------------------------------------------------------


def make_room(n: int) -> tuple[int, list[int], list[int], list[str]]:
    """A live webinar with SEEDED questions and `n` people with a session each.

    Returns its id, the questions' ids, the people's ids, the session keys.
    """
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from accounts.names import Names
    from webinars.live.admission import SEATS
    from webinars.models import Participant, Question, Webinar

    webinar = Webinar.objects.create(
        title=Names.of("en", "Bench"), state="live", started_at=timezone.now(), publishes_at_once="everybody"
    )
    asker = Participant.objects.create(webinar=webinar, name="Asker")
    questions = Question.objects.bulk_create(
        Question(
            webinar=webinar, participant=asker, client_id=uuid4(), text=f"{n}: {WORDS}", language="en",
            visibility="published", published_at=timezone.now(), first_public_seq=0,
        )
        for n in range(SEEDED)
    )  # fmt: skip
    people = Participant.objects.bulk_create(
        Participant(webinar=webinar, name=f"Person {i}", country="MN") for i in range(n)
    )
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    expires = timezone.now() + timedelta(days=1)
    sessions = Session.objects.bulk_create(
        Session(
            session_key=uuid4().hex,
            session_data=store.encode({SEATS: {str(webinar.pk): person.pk}}),
            expire_date=expires,
        )
        for person in people
    )
    return webinar.pk, [q.pk for q in questions], [p.pk for p in people], [s.session_key for s in sessions]


class Ours(Talk):
    """The product's own protocol; each page is followed by the contract's reducer."""

    def __init__(self, webinar: int, questions: list[int]) -> None:
        self.path = f"/ws/webinars/{webinar}/"
        self.questions = questions
        self.dice = random.Random(2)

    def post(self, stamp: str) -> str:
        return _json(ref="p", do="ask", client_id=str(uuid4()), text=f"{stamp} {WORDS}"[:150], language="en")

    def vote(self, ref: str) -> str:
        return _json(
            ref=ref, do="vote", question=self.dice.choice(self.questions), on=self.dice.random() < 0.9
        )

    def stamps(self, message: Any) -> list[str]:
        return [
            row["text"].split(" ", 1)[0] for row in message.get("questions", ()) if row["text"][:1] == "s"
        ]

    def ack(self, message: Any) -> str | None:
        return str(message["ref"]) if "ok" in message else None

    def follow(self, state: Any, message: Any) -> Any:
        return reduce(state, message) if "cursor" in message else state


class Textbook(Ours):
    def __init__(self, webinar: int, questions: list[int], participant: int) -> None:
        super().__init__(webinar, questions)
        self.path = f"/ws/textbook/{webinar}/{participant}/"

    def stamps(self, message: Any) -> list[str]:
        text = message["question"]["text"] if "question" in message else ""
        return [text.split(" ", 1)[0]] if text[:1] == "s" else []

    def follow(self, state: Any, message: Any) -> Any:
        return None


class Limit(Ours):
    """The limit echoes messages as they came, many in one frame."""

    def stamps(self, message: Any) -> list[str]:
        return [m["text"].split(" ", 1)[0] for m in message["news"] if m["do"] == "ask"]

    def ack(self, message: Any) -> str | None:
        return None

    def follow(self, state: Any, message: Any) -> Any:
        return None


def _json(**fields: Any) -> str:
    import json

    return json.dumps(fields, ensure_ascii=False)


def truth(webinar: int) -> Any:
    """What every page must show: the database's own snapshot, reduced."""
    from webinars.live import changes, reading

    room = reading.load(webinar)
    assert room is not None
    return reduce({}, changes.Window("everyone").snapshot(room))

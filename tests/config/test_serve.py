"""`manage.py serve` with the whole site: it says what is missing, serves when nothing is, and ends when told to."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]


def manage(
    data: Path, *words: str, limit: tuple[int, int] | None = None, **more: str
) -> "subprocess.Popen[str]":
    outside = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ours = {"SECRET_KEY": "only-for-this-test", "DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
    environment = outside | ours | more
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    pipe = subprocess.PIPE
    confined = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit)) if limit else None
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, preexec_fn=confined
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_it_says_what_is_missing_and_then_serves_until_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    out, errors = manage(tmp_path / "nowhere", "serve", "--port", str(port)).communicate(timeout=120)
    assert (out, errors.count("\n")) == ("", 1)
    assert "The database cannot be opened" in errors

    early = manage(tmp_path, "serve", "--port", str(port))
    out, errors = early.communicate(timeout=120)
    assert (out, errors.count("\n"), early.returncode) == ("", 1, 1)
    assert errors.endswith("changes behind the code. Type: python3 manage.py migrate\n")

    assert manage(tmp_path, "migrate", "-v0").communicate(timeout=300) == ("", "")
    server = manage(tmp_path, "serve", "--port", str(port))
    assert server.stdout
    assert server.stderr
    try:
        assert server.stdout.readline() == f"Serving on http://127.0.0.1:{port}\n"
        assert server.stdout.readline().startswith("Nobody administers this site yet.")
        assert re.fullmatch(r"http://localhost:8000/setup/\?code=\w{5}-\w{5}\n", server.stdout.readline())
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.read() == b"ok\n"
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/static/any/img/icons.svg", timeout=60
        ) as answer:
            assert answer.headers["Content-Type"].startswith("image/svg+xml")
        origin = f"http://127.0.0.1:{port}"
        for path in ("nowhere", "ws/nothing", "ws/webinars/99999999/"):
            for said in (origin, None, "null", "http://evil.example"):
                with pytest.raises(InvalidStatus) as refused:
                    connect(f"ws://127.0.0.1:{port}/{path}", origin=said, legacy=True)  # type: ignore[arg-type]
                assert refused.value.response.status_code == 403
        (tmp_path / "other").mkdir()
        database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
        second = manage(tmp_path / "other", "serve", "--port", str(port), DATABASE_URL=database)
        sentence = f"CommandError: Port {port} is taken: stop what uses it, or choose another with --port.\n"
        assert (*second.communicate(timeout=120), second.returncode) == ("", sentence, 1)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
        assert (server.stdout.read(), server.stderr.read()) == ("", "")
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, "subprocess.Popen[str]", int]]:
    """A site with nobody in it, in a folder, served by a process, on a port."""
    port = free_port()
    assert manage(tmp_path, "migrate", "-v0").communicate(timeout=300) == ("", "")
    limit = (256, 4096)
    server = manage(tmp_path, "serve", "--port", str(port), limit=limit, HTTPS="1", ALLOWED_HOSTS="localhost")
    assert server.stdout
    assert server.stdout.readline().startswith("Serving on")
    yield tmp_path, server, port
    server.kill()
    server.communicate()


def test_a_second_process_of_a_site_without_redis_is_refused(
    served: tuple[Path, "subprocess.Popen[str]", int],
) -> None:
    data, server, _ = served
    out, errors = manage(data, "serve", "--port", str(free_port())).communicate(timeout=120)
    assert out == ""
    sentence = f"CommandError: The site in {data} is being served already, by process {server.pid}. "
    assert errors == sentence + "Stop that one, or set REDIS_URL: several processes need it.\n"
    server.kill()  # as a power cut would: what it leaves behind refuses nobody
    server.wait(timeout=60)
    port = free_port()
    third = manage(data, "serve", "--port", str(port))
    try:
        assert third.stdout
        assert third.stdout.readline() == f"Serving on http://127.0.0.1:{port}\n"
    finally:
        third.kill()
        third.communicate()


def test_it_takes_all_the_files_it_may_and_says_only_what_cannot_wait(
    served: tuple[Path, "subprocess.Popen[str]", int],
) -> None:
    _, server, _ = served
    limits = Path(f"/proc/{server.pid}/limits")
    if limits.exists():
        assert re.search(r"Max open files +4096 +4096", limits.read_text())
    server.send_signal(signal.SIGTERM)
    _, errors = server.communicate(timeout=60)
    assert errors.splitlines() == [
        "HTTPS is 1, but no proxy is trusted: every page will lead to itself for ever.",
        "  Set TRUSTED_PROXY to the address of the web server in front, for instance 127.0.0.1",
    ]

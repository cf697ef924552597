"""`manage.py serve` with the whole site: it says what is missing, serves when nothing is, and ends when told to."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[2]


def manage(data: Path, *words: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "SECRET_KEY": "only-for-this-test",
        "DATA_DIR": str(data),
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


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
        second = manage(tmp_path, "serve", "--port", str(port))
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

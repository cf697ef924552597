"""One command brings an empty folder to a served site; what it cannot do, it says in one sentence first."""

import contextlib
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config import quickstart
from config.translations import compile_stale

ROOT = Path(__file__).resolve().parents[2]
WORDS = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Ask"\nmsgstr "{}"\n'


def command(*words: str) -> list[str]:
    return [sys.executable, "manage.py", "quickstart", *words]


def outside() -> dict[str, str]:
    """The environment of somebody who has set nothing."""
    ours = (
        "DATA_DIR",
        "DATABASE_URL",
        "REDIS_URL",
        "SITE_URL",
        "QUICKSTART",
        "DJANGO_SETTINGS_MODULE",
        "PYTHONPATH",
    )
    return {name: value for name, value in os.environ.items() if name not in ours}


def quick(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=ROOT, env=outside(), capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder that quickstart filled once, and what it said."""
    data = tmp_path_factory.mktemp("quickstart") / "data"
    done = quick("--no-serve", "--data", str(data))
    assert done.returncode == 0, done.stdout + done.stderr
    return data, done.stdout


@contextlib.contextmanager
def served(data: Path, port: int, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A quickstart that has said all it says when it is ready, and those words."""
    log = data.parent / f"said-{port}"
    with log.open("w") as file:
        process = subprocess.Popen(
            command("--data", str(data), "--port", str(port), *words),
            cwd=ROOT,
            env=outside(),
            stdout=file,
            stderr=file,
        )
    try:
        ends = time.monotonic() + 120
        while "Ctrl-C stops." not in (said := log.read_text()):
            assert process.poll() is None, said
            assert time.monotonic() < ends, said
            time.sleep(0.1)
        yield process, said
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def taken_port(family: socket.AddressFamily = socket.AF_INET, host: str = "127.0.0.1") -> Iterator[int]:
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with taken_port() as port:
        return port


def test_each_step_has_a_line_with_its_time(prepared: tuple[Path, str]) -> None:
    _, said = prepared
    steps = re.findall(r"^(\S.*?)  .* +\d+\.\d s$", said, flags=re.MULTILINE)
    assert steps == [
        "environment",
        "secret",
        "translations",
        "database",
        "static files",
        "help pages",
        "demo",
    ]
    assert said.strip().endswith("Ready to be served: python3 manage.py quickstart")


def test_everything_is_kept_in_the_one_folder(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    assert {"db.sqlite3", "secret_key", "static"} <= {path.name for path in data.iterdir()}


def test_only_the_owner_can_read_the_secret(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert len((data / "secret_key").read_text().strip()) >= 50


def test_the_next_start_finds_everything_as_it_was(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    secret = (data / "secret_key").read_text()
    again = quick("--no-serve", "--data", str(data))
    assert again.returncode == 0, again.stderr
    assert (data / "secret_key").read_text() == secret
    for name in ("secret", "translations", "static files"):
        assert re.search(rf"^{name} +as it was", again.stdout, flags=re.MULTILINE), again.stdout
    assert "db.sqlite3, as it was" in again.stdout
    assert re.search(r"^help pages +as they were", again.stdout, flags=re.MULTILINE), again.stdout


def test_it_serves_says_where_and_who_may_sign_in_and_ends_cleanly(prepared: tuple[Path, str]) -> None:
    data, _ = prepared
    port = free_port()
    with served(data, port) as (process, said):
        assert f"Ready: http://localhost:{port}" in said
        for role in ("host", "moderator", "expert"):
            assert re.search(rf"^\S*{role}\S*.*@.*$", said, flags=re.MULTILINE | re.IGNORECASE), said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            assert answer.status == 200
            assert answer.url.startswith(f"http://127.0.0.1:{port}/en/")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    after = (data.parent / f"said-{port}").read_text()
    assert "Traceback" not in after
    assert after.rstrip().endswith("Stopped.")


def test_without_the_demo_it_opens_on_the_first_run_page(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with served(data, port, "--no-demo") as (_, said):
        there = re.search(
            rf"^http://localhost:{port}/setup/\?code=\w{{5}}-\w{{5}}$", said, flags=re.MULTILINE
        )
        assert there is not None, said
        for address in (f"http://localhost:{port}/", there[0]):
            with urllib.request.urlopen(address, timeout=60) as answer:
                assert answer.url.startswith(f"http://localhost:{port}/en/setup/")
                assert b'name="code"' in answer.read()
        assert stat.S_IMODE((data / "db.sqlite3").stat().st_mode) & 0o002 == 0
    again = quick("--no-serve", "--no-demo", "--data", str(data))
    assert again.stderr == ""  # nothing is wrong that would matter on this computer


def test_help_and_privacy_are_there_without_the_demo_too(tmp_path: Path) -> None:
    done = quick("--no-serve", "--no-demo", "--data", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "data" / "db.sqlite3")) as database:
        query = """SELECT count(DISTINCT key), count(*) FROM knowledge_guide
                   JOIN knowledge_edition ON guide_id = knowledge_guide.id"""
        assert database.execute(query).fetchone() == (9, 36)


def test_a_busy_port_stops_it_before_anything_is_made(tmp_path: Path) -> None:
    with taken_port() as port:
        done = quick("--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} is in use by another program: stop that one, or type: "
        f"python3 manage.py quickstart --port {port + 1}\n"
    )
    assert done.stdout == ""
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_busy_only_for_the_newer_protocol_is_busy() -> None:
    try:
        with taken_port(socket.AF_INET6, "::1") as port:
            assert quickstart.port_trouble(port).startswith(f"Port {port} is in use")
    except OSError:
        pytest.skip("this machine has no IPv6")


def test_a_port_that_cannot_be_is_refused() -> None:
    assert quickstart.port_trouble(70000) == "There is no port 70000: choose one between 1024 and 65535."
    assert quickstart.port_trouble(free_port()) == ""


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = quick("--no-serve", "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert done.stderr.startswith(
        f"Nothing can be written to {tmp_path}/file/data (Not a directory): choose another"
    )
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_help_needs_nothing_prepared() -> None:
    done = quick("--help")
    assert done.returncode == 0
    assert "--no-demo" in done.stdout


def test_an_empty_secret_left_by_a_full_disk_is_made_anew(tmp_path: Path) -> None:
    secret = tmp_path / "secret_key"
    secret.write_text("")
    said: list[str] = []
    quickstart.keep_secret(secret, said.append)
    assert len(secret.read_text().strip()) >= 50
    assert said == ["made, in secret_key"]


@pytest.fixture
def words(tmp_path: Path) -> Path:
    po = tmp_path / "locale" / "mn" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(WORDS.format("Асуух"))
    return po


def test_translations_are_compiled_when_their_source_changed(words: Path, tmp_path: Path) -> None:
    sources, elsewhere = tmp_path / "locale", tmp_path / "elsewhere"
    assert compile_stale(sources, elsewhere) == ["mn"]
    assert compile_stale(sources, elsewhere) == []
    words.write_text(WORDS.format("Асууя"))
    later = words.with_suffix(".mo").stat().st_mtime + 1
    os.utime(words, (later, later))
    assert compile_stale(sources, elsewhere) == ["mn"]
    assert "Асууя".encode() in words.with_suffix(".mo").read_bytes()
    assert not elsewhere.exists()


def test_translations_of_a_read_only_checkout_are_kept_with_the_data(words: Path, tmp_path: Path) -> None:
    # A folder with the name of the file in the making: even root cannot write over it.
    words.with_suffix(f".mo.{os.getpid()}").mkdir()
    sources, elsewhere = tmp_path / "locale", tmp_path / "elsewhere"
    assert compile_stale(sources, elsewhere) == ["mn"]
    assert compile_stale(sources, elsewhere) == []
    assert "Асуух".encode() in (elsewhere / "mn" / "LC_MESSAGES" / "django.mo").read_bytes()

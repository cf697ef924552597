"""Starts the real PostgreSQL and Redis that tests need: on loopback, in a folder that goes afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis as redis_client

PATIENCE = 60  # seconds for a server to answer on a busy machine


class Missing(Exception):
    """The engine is not installed here."""


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL with an empty database, as a DATABASE_URL."""
    yield from started(postgres, "postgresql")


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """An empty Redis, as a REDIS_URL."""
    yield from started(redis, "redis-server")


def started(server: Callable[[], "contextmanager[str]"], package: str) -> Iterator[str]:
    try:
        with server() as url:
            yield url
    except Missing as missing:
        sentence = f"{missing}: sudo apt install {package}"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(sentence)
        pytest.skip(sentence)


@contextmanager
def postgres() -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    programs = postgres_programs()
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with folder("sild-postgres-", who.get("user")) as place:
        data = place / "data"
        initdb = [programs / "initdb", "--auth=trust", "--username=sild", "--encoding=UTF8"]
        subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync", "-D", data],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=place,
            **who,
        )

        def command(port: int) -> list[str | Path]:
            # Nothing here must outlive the test, so nothing waits for a disk.
            quick = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
            where = [
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                f"port={port}",
                "-c",
                f"unix_socket_directories={place}",
            ]
            return [programs / "postgres", "-D", data, *where, *quick]

        def answers(port: int) -> None:
            psycopg.connect(f"postgres://sild@127.0.0.1:{port}/postgres", connect_timeout=5).close()

        # SIGINT is PostgreSQL's "fast" shutdown: open connections are ended, files closed.
        with running(command, answers, psycopg.Error, place, signal.SIGINT, who) as port:
            address = f"postgres://sild@127.0.0.1:{port}"
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE sild")
            yield f"{address}/sild"


def postgres_programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    for path in sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    ):
        return path
    raise Missing("PostgreSQL is not installed")


@contextmanager
def redis() -> Iterator[str]:
    if given := os.environ.get("REDIS_URL"):
        yield given
        return
    program = shutil.which("redis-server")
    if not program:
        raise Missing("Redis is not installed")
    with folder("sild-redis-", None) as place:

        def command(port: int) -> list[str | Path]:
            return [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", place]

        def answers(port: int) -> None:
            with redis_client.Redis(port=port, socket_timeout=5) as client:
                client.ping()

        with running(command, answers, redis_client.RedisError, place, signal.SIGTERM, {}) as port:
            yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def folder(prefix: str, owner: str | None) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=prefix))
    if owner:
        shutil.chown(place, owner)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def running(
    command: Callable[[int], list[str | Path]],
    answers: Callable[[int], None],
    not_yet: type[Exception],
    place: Path,
    stop: signal.Signals,
    who: dict[str, object],
) -> Iterator[int]:
    """Starts a server, waits until it answers, gives its port; takes another when somebody was quicker."""
    for _ in range(5):
        port = free_port()
        with (place / "log").open("wb") as log:
            process = subprocess.Popen(command(port), stdout=log, stderr=log, cwd=place, **who)
        try:
            if wait_until(answers, port, not_yet, process):
                yield port
                return
        finally:
            process.send_signal(stop)
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    raise AssertionError("The server never answered:\n" + (place / "log").read_text(errors="replace"))


def wait_until(
    answers: Callable[[int], None], port: int, not_yet: type[Exception], process: subprocess.Popen
) -> bool:
    ends = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < ends:
        try:
            answers(port)
        except not_yet:
            time.sleep(0.05)
        else:
            return True
    return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

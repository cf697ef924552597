"""R6: PostgreSQL is restarted under a site that goes on serving: nothing has to be done by hand."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.servers import Missing, folder, postgres_programs
from tests.site import PATIENCE, ROOT, Site, free_port

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def database() -> Iterator[tuple[str, Start]]:
    """A PostgreSQL of this test's own that keeps its port: its address, and how it is started."""
    try:
        programs = postgres_programs()
    except Missing as missing:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(f"{missing}: sudo apt install postgresql")
        pytest.skip(f"{missing}: sudo apt install postgresql")
    who = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    started: list[subprocess.Popen[bytes]] = []
    with folder("sild-restart-", "postgres" if who else None) as place:
        data, port = place / "data", free_port()
        initdb = [
            programs / "initdb",
            "--auth=trust",
            "--username=sild",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run(
            [*initdb, "--no-sync", "-D", data], check=True, stdout=subprocess.DEVNULL, cwd=place, **who
        )  # type: ignore[call-overload]
        address = f"postgres://sild@127.0.0.1:{port}"

        def start() -> subprocess.Popen[bytes]:
            where = [
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                f"port={port}",
                "-c",
                f"unix_socket_directories={place}",
            ]
            with (place / "log").open("ab") as log:
                process = subprocess.Popen(
                    [programs / "postgres", "-D", data, *where, "-c", "fsync=off"],
                    stdout=log, stderr=log, cwd=place, **who,
                )  # type: ignore[call-overload]  # fmt: skip
            started.append(process)
            end = time.monotonic() + PATIENCE * 2
            while time.monotonic() < end:
                try:
                    psycopg.connect(f"{address}/postgres", connect_timeout=5).close()
                    return process
                except psycopg.Error:
                    time.sleep(0.1)
            raise AssertionError((place / "log").read_text(errors="replace"))

        yield address, start
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)


def status(site: Site, path: str) -> int:
    with closing(http.client.HTTPConnection("localhost", site.port, timeout=PATIENCE)) as line:
        line.request("GET", path, headers={"Cookie": "sessionid=" + "x" * 32})  # not from the kept pages
        return line.getresponse().status


def test_r6_after_a_restart_of_postgresql_every_request_is_answered(
    database: tuple[str, Start], tmp_path: Path
) -> None:
    address, start = database
    engine = start()
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE sild")
    site = Site(tmp_path, DATABASE_URL=f"{address}/sild")
    environment = os.environ | {"DATA_DIR": str(tmp_path), **site.environment, "SILD_TOOLING": "1"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    site.start()
    try:
        # Several connections lie in the pool, and every one of them is dead afterwards.
        assert {status(site, "/en/webinars/") for _ in range(8)} == {200}
        engine.send_signal(signal.SIGINT)
        engine.wait(PATIENCE)
        assert status(site, "/en/webinars/") >= 500  # it says so, and soon: the pool waits three seconds
        assert status(site, "/healthz") == 200
        start()
        assert [status(site, "/en/webinars/") for _ in range(8)] == [200] * 8
        assert status(site, "/readyz") == 200
    finally:
        site.stop()

"""The same site on PostgreSQL and Redis: two addresses in the environment, and nothing else changes."""

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.site import free_port

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def there(postgres_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a site that keeps its rows in PostgreSQL and meets its other processes in Redis."""
    data = tmp_path_factory.mktemp("engines") / "data"
    environment = os.environ | {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url, "DATA_DIR": str(data)}
    done = quickstart(environment, "--no-serve")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PostgreSQL" in done.stdout
    assert not (data / "db.sqlite3").exists()
    return environment


def quickstart(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "quickstart", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


def test_the_next_start_changes_nothing(there: dict[str, str]) -> None:
    again = quickstart(there, "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "PostgreSQL, as it was" in again.stdout


def test_its_pages_are_served(there: dict[str, str]) -> None:
    port = free_port()
    command = [sys.executable, "manage.py", "quickstart", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=there, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith("Ready:"):
                    break
            for page in ("", "webinars/", "knowledge/", "search/?q=bridge", "search/?q=цахим"):
                address = f"http://127.0.0.1:{port}/en/{quote(page, safe='/?=')}"
                with urllib.request.urlopen(address, timeout=60) as answer:
                    assert answer.status == 200, page
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
    assert process.returncode == 0

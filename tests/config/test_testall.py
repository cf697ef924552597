"""`testall` names what failed and what is missing, and says so with its exit code."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis, RedisError

from tests.servers import postgres, redis

ROOT = Path(__file__).resolve().parents[2]


def run_all(*words: str, folder: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "testall", *words],
        cwd=folder,
        env={**os.environ, "CI": "", **more},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers that somebody lends to the whole run are not what these tests are about."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The checkout as it stands, with what is not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def test_a_step_that_fails_is_named_at_the_end_with_what_it_said(copy: Path) -> None:
    (copy / "accounts" / "wrong.py").write_text("import os\n")
    done = run_all("--only", "lint", folder=copy)
    assert done.returncode == 1
    assert "accounts/wrong.py:1:8" in done.stdout
    assert done.stderr.strip().splitlines()[-1] == "testall: failed: lint"


def test_a_step_that_holds_has_a_line_with_its_time() -> None:
    done = run_all("--only", "imports")
    assert done.returncode == 0, done.stdout
    assert any(
        line.startswith("imports       ok ") and line.endswith(" s") for line in done.stdout.splitlines()
    )


def test_a_missing_engine_is_named_loudly(tmp_path: Path) -> None:
    done = run_all("--only", "scripts", PATH=str(tmp_path))
    assert "Redis, Chromium, Node, gettext. THEIR TESTS ARE SKIPPED: sudo apt install" in done.stdout
    assert done.returncode == 0


def test_a_missing_engine_fails_in_ci(tmp_path: Path) -> None:
    done = run_all("--only", "scripts", PATH=str(tmp_path), CI="true")
    assert "NOT HERE" in done.stdout
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == "testall: failed: engines"


def test_the_servers_of_the_tests_are_real_and_empty_and_gone_afterwards() -> None:
    with postgres() as url, psycopg.connect(url) as connection:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=5)
    with redis() as url, Redis.from_url(url) as client:
        assert client.dbsize() == 0
    with pytest.raises(RedisError):
        Redis.from_url(url).ping()

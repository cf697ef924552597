"""The tests of rooms and public pages again, on PostgreSQL and Redis: two addresses in the environment, no more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Those whose statements, locks or order an engine has a say in; what is plain arithmetic needs no second engine.
# Those with servers of their own, and those with a hub in the tests' process, each in a process of its own: the threads
# of one keep the connections of its pool.
SERVED = [
    "room_socket",
    "rights",
    "never_lost",
    "writer",
    "contract",
    "two_processes",
    "undo",
    "uniting",
    "queue",
    "reactions",
    "rehearsals",
    "opinions",
    "polls",
    "renditions",
    "settling",
    "merging",
    "bulk",
    "conduct",
]
INSIDE = ["wire", "audiences", "hub", "desk_news", "at_once"]
# What lists ask: days beside hours, languages inside JSON, years, the newest of each.
READ = [
    "pages", "programme", "archive", "promises", "agreement", "fair", "lenses", "room_search", "similar", "missed",
    "summary", "activity",
]  # fmt: skip


@pytest.mark.skipif("SILD_INNER" in os.environ, reason="this is the inner run")
@pytest.mark.parametrize("same", [SERVED, INSIDE, READ], ids=["served", "inside", "read"])
def test_webinars_behave_the_same_on_postgresql_and_redis(
    postgres_url: str, redis_url: str, same: list[str]
) -> None:
    inner = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        + [f"tests/webinars/test_{name}.py" for name in same],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url, "SILD_INNER": "1"},
        capture_output=True,
        text=True,
    )
    assert inner.returncode == 0, inner.stdout[-6000:] + inner.stderr[-2000:]
    assert " skipped" not in inner.stdout.splitlines()[-1]

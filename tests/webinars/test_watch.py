"""The watch of a process outlives the troubles of what it watches."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.site import PATIENCE
from webinars.live.watch import Watch


class Rooms(SimpleNamespace):
    """A hub as the watch sees it: rooms are open, and nudges are counted."""

    def __init__(self) -> None:
        super().__init__(rooms={1: "a room"}, nudges=0)

    def nudge_all(self) -> None:
        self.nudges += 1


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Without a write-ahead log: what the file holds is what everybody sees at once."""
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE said (words)")
    return path


def say_something(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("INSERT INTO said VALUES ('something')")


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never happened"
        await asyncio.sleep(0.02)


async def test_a_disk_that_fails_for_a_while_leaves_nobody_deaf(
    database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub = Rooms()
    looking = asyncio.ensure_future(Watch(hub)._look(str(database)))  # type: ignore[arg-type]
    try:
        await until(lambda: hub.nudges == 1)
        say_something(database)
        await until(lambda: hub.nudges == 2)

        sound = database.read_bytes()
        database.write_bytes(b"\xff" * len(sound))
        await until(lambda: "cannot be looked at" in caplog.text)
        assert not looking.done()
        database.write_bytes(sound)

        before = hub.nudges
        await until(lambda: hub.nudges > before)  # what was missed meanwhile is read at once
        before = hub.nudges
        say_something(database)
        await until(lambda: hub.nudges > before)
    finally:
        looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking

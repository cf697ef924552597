"""Writers take fair turns at a SQLite file, none of them fails, and what is committed is on disk."""

import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.utils import OperationalError
from pytest_django import DjangoDbBlocker

from config.sqlite.base import DatabaseWrapper
from config.sqlite.turns import Turns, turns_at

WRITERS = Path(__file__).with_name("sqlite_writers.py")


@pytest.fixture
def connect(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[..., DatabaseWrapper]]:
    """New connections to one file, as each thread of the site has its own."""
    made: list[DatabaseWrapper] = []

    def new(name: str = "db.sqlite3", **options: object) -> DatabaseWrapper:
        settings = {
            "ENGINE": "config.sqlite",
            "NAME": str(tmp_path / name),
            "OPTIONS": options,
            "ATOMIC_REQUESTS": False,
            "AUTOCOMMIT": True,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": False,
            "TIME_ZONE": None,
            "USER": "",
            "PASSWORD": "",
            "HOST": "",
            "PORT": "",
            "TEST": {},
        }
        wrapper = DatabaseWrapper(settings, alias=f"test-{len(made)}")
        wrapper.inc_thread_sharing()
        made.append(wrapper)
        return wrapper

    with django_db_blocker.unblock():
        yield new
    for wrapper in made:
        wrapper.close()


def execute(wrapper: DatabaseWrapper, statement: str) -> list[tuple[object, ...]]:
    with wrapper.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def begin(wrapper: DatabaseWrapper) -> None:
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def commit(wrapper: DatabaseWrapper) -> None:
    wrapper.commit()
    wrapper.set_autocommit(True)


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not true():
        assert time.monotonic() < until, "waited 30 s in vain"
        time.sleep(0.002)


def test_r7_four_processes_read_and_write_a_thousand_times_and_nothing_is_lost_or_locked(
    tmp_path: Path,
) -> None:
    file = tmp_path / "db.sqlite3"
    subprocess.run([sys.executable, WRITERS, file, "prepare"], check=True)
    processes = [
        subprocess.Popen([sys.executable, WRITERS, file, "increment", "250"], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=300)[1].decode() for process in processes]
    assert errors == [""] * 4
    assert sqlite3.connect(file).execute("SELECT value FROM counter").fetchone() == (1000,)


def test_processes_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    file = tmp_path / "db.sqlite3"
    processes = [
        subprocess.Popen([sys.executable, WRITERS, file, "increment", "0"], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=120)[1] for process in processes]
    assert errors == [b""] * 4


def test_a_connection_is_durable_checked_and_write_ahead(connect: Callable[..., DatabaseWrapper]) -> None:
    wrapper = connect()
    names = ["journal_mode", "synchronous", "busy_timeout", "foreign_keys", "temp_store"]
    assert [execute(wrapper, f"PRAGMA {name}")[0][0] for name in names] == ["wal", 2, 10_000, 1, 2]


def test_an_importer_never_gets_two_turns_while_another_writer_waits(
    connect: Callable[..., DatabaseWrapper],
) -> None:
    importer, writer = connect(), connect()
    execute(importer, "CREATE TABLE row (who text)")
    queue = turns_at(importer.settings_dict["NAME"])
    rounds = 20
    done: list[str] = []

    def import_much() -> None:
        for _ in range(rounds):
            begin(importer)
            done.append("importer")
            execute(importer, "INSERT INTO row VALUES ('importer')")
            wait_until(lambda: len(queue) == 1 or done.count("writer") == rounds)
            commit(importer)

    def write() -> None:
        wait_until(lambda: bool(done))
        for _ in range(rounds):
            begin(writer)
            done.append("writer")
            execute(writer, "INSERT INTO row VALUES ('writer')")
            wait_until(lambda: len(queue) == 1 or done.count("importer") == rounds)
            commit(writer)

    threads = [threading.Thread(target=deed) for deed in (import_much, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert done == ["importer", "writer"] * rounds
    assert execute(importer, "SELECT count(*) FROM row") == [(rounds * 2,)]


def test_those_who_wait_get_their_turns_in_the_order_they_came() -> None:
    turns = Turns()
    first = turns.take(10)
    assert first is not None
    order: list[int] = []

    def wait(number: int) -> None:
        turn = turns.take(60)
        assert turn is not None
        order.append(number)
        turns.give_back(turn)

    threads = []
    for number in range(5):
        threads.append(threading.Thread(target=wait, args=[number]))
        threads[-1].start()
        wait_until(lambda: len(turns) == len(threads))
    turns.give_back(first)
    for thread in threads:
        thread.join(timeout=60)
    assert order == [0, 1, 2, 3, 4]


def test_a_rolled_back_transaction_lets_the_next_writer_in(connect: Callable[..., DatabaseWrapper]) -> None:
    one, other = connect(), connect(timeout=0.2)
    execute(one, "CREATE TABLE row (who text)")
    begin(one)
    execute(one, "INSERT INTO row VALUES ('one')")
    one.rollback()
    one.set_autocommit(True)
    begin(other)
    execute(other, "INSERT INTO row VALUES ('other')")
    commit(other)
    assert execute(one, "SELECT who FROM row") == [("other",)]


def test_a_closed_connection_lets_the_next_writer_in(connect: Callable[..., DatabaseWrapper]) -> None:
    one, other = connect(), connect(timeout=0.2)
    execute(one, "CREATE TABLE row (who text)")
    begin(one)
    one.close()
    begin(other)
    commit(other)


def test_a_begin_that_fails_gives_its_turn_back(
    connect: Callable[..., DatabaseWrapper], tmp_path: Path
) -> None:
    ours = connect(timeout=0.2)
    execute(ours, "CREATE TABLE row (who text)")
    stranger = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="database is locked"):
        begin(ours)
    stranger.execute("ROLLBACK")
    stranger.close()
    begin(ours)
    commit(ours)


def test_waiting_too_long_says_locked_like_sqlite_and_leaves_the_queue(
    connect: Callable[..., DatabaseWrapper],
) -> None:
    one, other = connect(), connect(timeout=0.2)
    begin(one)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(other)
    assert len(turns_at(one.settings_dict["NAME"])) == 0
    commit(one)
    begin(other)
    commit(other)


def test_a_thread_that_dies_inside_a_transaction_holds_nobody_up_for_ever() -> None:
    turns = Turns()
    dying = threading.Thread(target=turns.take, args=[10])
    dying.start()
    dying.join()
    assert turns.take(30) is not None


def test_two_files_have_two_queues(connect: Callable[..., DatabaseWrapper]) -> None:
    one, other = connect("one.sqlite3"), connect("other.sqlite3", timeout=0.2)
    begin(one)
    begin(other)
    commit(other)
    commit(one)

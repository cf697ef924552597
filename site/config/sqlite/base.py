"""Django's SQLite backend with fair turns for writers, durable commits and memory in measure."""

import os
import sqlite3
import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from config.sqlite.turns import Turn, turns_at

WAIT = 10.0  # seconds, for our queue and for SQLite's own lock alike
# FULL: what is acknowledged is on disk; in batches it costs next to nothing (43,000 votes a second).
# Few and cheap, because under ASGI each request is a new thread with a new connection.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -4000",
    "PRAGMA mmap_size = 33554432",
)


# The stubs leave out the methods that transactions run through.
_SQLite: Any = base.DatabaseWrapper


class DatabaseWrapper(_SQLite):  # type: ignore[misc]
    """Every BEGIN that takes the write lock first takes its turn in the process's queue for that file."""

    transaction_mode: str | None
    _turn: Turn | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.setdefault("timeout", WAIT)
        self._wait = float(params["timeout"])
        if self.transaction_mode is None:
            self.transaction_mode = "IMMEDIATE"
        name = str(params["database"])
        self._turns = turns_at(name if self.is_in_memory_db() else os.path.realpath(name))
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        _write_ahead(connection, self._wait)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode == "DEFERRED":
            super()._start_transaction_under_autocommit()
            return
        self.ensure_connection()
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        # A failed COMMIT keeps the turn: the rollback or close that must follow gives it back.
        super()._commit()
        self._give_turn_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        if self._turn is not None:
            return
        self._turn = self._turns.take(self._wait)
        if self._turn is None:
            raise OperationalError(f"database is locked (other writers of this process for {self._wait:g} s)")

    def _give_turn_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            self._turns.give_back(turn)


def _write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """WAL mode, once per file. When two processes want it at once, SQLite does not wait by itself."""
    until = time.monotonic() + seconds
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] in ("wal", "memory"):
                return
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.05)

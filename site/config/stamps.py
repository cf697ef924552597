"""A mark of the whole database: as long as it stays the same, nobody anywhere has committed anything."""

import asyncio
import sqlite3
from typing import Any, Protocol

from django.db import connection

from config import site_settings


class Stamps(Protocol):
    """Reads the mark. Belongs to one event loop."""

    async def read(self) -> object:
        """Compare it with ==; None when it cannot be known just now."""

    def close(self) -> None: ...


class DataVersion:
    """SQLite's own counter of commits, on a connection that does nothing else, so that all commits are others'."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._cursor = self._db.cursor()

    def now(self) -> int:
        """3 µs: no file is read, only the shared memory of the WAL. Raises sqlite3.Error."""
        return int(self._cursor.execute("PRAGMA data_version").fetchone()[0])

    async def read(self) -> object:
        try:
            return self.now()
        except sqlite3.Error:
            return None

    def close(self) -> None:
        self._db.close()


class Snapshot:
    """PostgreSQL's snapshot: which transactions a reader would see. It changes with every writer's begin and end."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._line: Any = None
        self._turn = asyncio.Lock()

    async def read(self) -> object:
        import psycopg

        async with self._turn:
            try:
                if self._line is None:
                    self._line = await psycopg.AsyncConnection.connect(**self._parameters, autocommit=True)
                answer = await self._line.execute("SELECT pg_current_snapshot()::text")
                return (await answer.fetchone())[0]
            except (psycopg.Error, OSError):
                self.close()
                return None

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.pgconn.finish()


class WithSettings:
    """Another's mark, and which settings of the site this process knows: between a commit elsewhere and the worker's
    next look, pages are drawn from the former ones."""

    def __init__(self, mark: Stamps) -> None:
        self._mark = mark

    async def read(self) -> object:
        mark = await self._mark.read()
        return None if mark is None else (mark, site_settings.known())

    def close(self) -> None:
        self._mark.close()


def stamps() -> Stamps:
    """For the database of the settings and the site as it is settled."""
    return WithSettings(_of_database())


def _of_database() -> Stamps:
    parameters: dict[str, Any] = connection.get_connection_params()
    if connection.vendor == "sqlite":
        return DataVersion(str(connection.settings_dict["NAME"]))
    for name in ("cursor_factory", "context", "prepare_threshold", "pool", "server_side_binding"):
        parameters.pop(name, None)
    return Snapshot(parameters)

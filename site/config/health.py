"""Whether this process can do its work now: what /readyz answers, and a balancer or an installer asks."""

import asyncio
import json
import logging
import shutil
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

log = logging.getLogger(__name__)

LITTLE_DISK = 200 * 1024 * 1024  # bytes: below it SQLite may fail in the middle of an event
PATIENCE = 5.0  # seconds; a database that takes longer is no database
KEPT = 1.0  # seconds an answer is given again: nobody keeps the site busy with asking

Check = Callable[[], str]  # "" or, in one short sentence, what is wrong


def database() -> str:
    from django.db import close_old_connections, connection
    from django.db.utils import Error

    try:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"The database does not answer: {error}"
    return ""


def tables() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return (
        f"{len(missing)} changes of the tables are missing: type python3 manage.py migrate" if missing else ""
    )


def disk() -> str:
    free = shutil.disk_usage(settings.DATA_DIR).free
    return "" if free >= LITTLE_DISK else f"Only {free // 1024**2} MB are free where the data lies"


def redis() -> str:
    if not settings.REDIS_URL:
        return ""
    from django.core.cache import cache

    try:
        cache.set("sild.ready", "1", 10)
    except Exception as error:  # the client's own errors are of many kinds
        return f"Redis does not answer: {error}"
    return ""


class Readiness:
    """The checks together; `draining` is set when the server stops."""

    def __init__(self) -> None:
        self.draining = False
        self._tables_fit = False  # once they do, they do as long as this process lives
        self._known: tuple[float, dict[str, str]] = (0.0, {})

    async def answer(self) -> dict[str, str]:
        """What is wrong, by check; {} when nothing is."""
        if self.draining:
            return {"server": "This server is stopping"}
        at, wrong = self._known
        if time.monotonic() - at > KEPT or not at:
            try:
                wrong = await asyncio.wait_for(asyncio.to_thread(self._look), PATIENCE)
            except TimeoutError:
                wrong = {"database": f"No answer within {PATIENCE:g} seconds"}
            self._known = (time.monotonic(), wrong)
        return wrong

    def _look(self) -> dict[str, str]:
        checks: dict[str, Check] = {"database": database, "disk": disk, "redis": redis}
        wrong = {name: said for name, check in checks.items() if (said := check())}
        if "database" not in wrong and not self._tables_fit:
            said = tables()
            self._tables_fit = not said
            wrong |= {"tables": said} if said else {}
        for name, said in wrong.items():
            log.warning("Not ready (%s): %s", name, said)
        return wrong


readiness = Readiness()


def as_json(wrong: dict[str, str]) -> bytes:
    answer: dict[str, Any] = {"ready": not wrong, "wrong": wrong}
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"

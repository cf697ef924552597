"""Figures for whoever watches over the server, in Prometheus' own form at /metrics; this machine only.

What costs something to count is asked when somebody looks (`set_function`), not kept up to date meanwhile.
"""

import logging
import math
import shutil
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

from config.proxy import Application, Scope

log = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
ANSWERS = Counter("sild_http_answers", "Answers to HTTP requests, static files too", ["method", "status"])
SECONDS = Histogram(
    "sild_http_seconds",
    "From a request to the end of its answer",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
PAGES = Counter("sild_pages", "Public pages by how they were had", ["how"])
KNOWN = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def text() -> bytes:
    """All figures. May ask the database: not for the event loop's thread."""
    return generate_latest(REGISTRY)


class Counted:
    """ASGI wrapper that counts what goes out."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        start, status = time.perf_counter(), 0

        async def counted(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.application(scope, receive, counted)
        finally:
            method = scope["method"] if scope["method"] in KNOWN else "other"
            ANSWERS.labels(method, str(status)).inc()
            SECONDS.observe(time.perf_counter() - start)


def asked(name: str, what: str, figure: Callable[[], float]) -> None:
    """A figure that is looked up when somebody asks; not a number when it cannot be had."""

    def safely() -> float:
        try:
            return float(figure())
        except Exception as error:  # a scrape in trouble is when the other figures matter most
            log.warning("The figure %s cannot be had: %r", name, error)
            return math.nan

    Gauge(name, what).set_function(safely)


def of_server(connections: Callable[[], int], dropped: Callable[[], int]) -> None:
    """The figures every serving process has. Once a process."""
    from config.jobs import MAX_TRIES
    from config.models import Job

    def count(**which: int) -> int:
        close_old_connections()
        return Job.objects.filter(**which).count()

    asked("sild_connections", "Open HTTP requests and sockets", connections)
    asked("sild_readers_dropped", "Readers let go because they took nothing", dropped)
    asked("sild_jobs_waiting", "Work put off and not done yet", lambda: count(tries__lt=MAX_TRIES))
    asked(
        "sild_jobs_failed",
        "Work that failed too often: look at it",
        lambda: count(tries__gte=MAX_TRIES),
    )
    asked(
        "sild_disk_free_bytes", "Free where the data lies", lambda: shutil.disk_usage(settings.DATA_DIR).free
    )

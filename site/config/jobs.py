"""The background worker: takes due jobs one by one, retries with growing pauses, keeps what failed visible."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.utils import timezone

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]

LEASE = timedelta(minutes=5)
MAX_TRIES = 8
_handlers: dict[str, Handler] = {}
_rounds: list[Callable[[], object]] = []
_wake = threading.Event()


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of a kind; it must be idempotent."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def in_each_round(do: Callable[[], object]) -> None:
    """Have the worker call this as often as it looks for work. Twice is once."""
    if do not in _rounds:
        _rounds.append(do)


def enqueue(kind: str, payload: dict[str, Any], *, key: str, due_in: timedelta = timedelta()) -> None:
    """Queue in the running transaction. A job of the same key that waits or runs is done (again) afterwards."""
    from config.models import Job  # the app registry is not ready when this module is imported by an app

    due = timezone.now() + due_in
    again = {"payload": payload, "due_at": due, "version": F("version") + 1, "tries": 0, "error": ""}
    # Between the two a worker of PostgreSQL may finish it, or somebody else queue it: then once more.
    while not Job.objects.filter(key=key).update(**again):
        Job.objects.bulk_create([Job(kind=kind, payload=payload, key=key, due_at=due)], ignore_conflicts=True)
    transaction.on_commit(_wake.set, robust=True)


def work_due() -> int:
    """Do every job that is due now, in this thread; how many were tried."""
    done = 0
    while (job := _take()) is not None:
        done += 1
        _do(job)
    return done


class Worker(threading.Thread):
    """One sweeper thread in `serve` (or `manage.py work`). `each_round` is done as often as it looks for work."""

    def __init__(self, every: float = 2.0, each_round: Sequence[Callable[[], object]] = ()) -> None:
        super().__init__(name="jobs", daemon=True)
        self.every = every
        self.each_round = each_round
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            _wake.wait(self.every)
            _wake.clear()
            if self.stopping.is_set():
                return
            try:
                for do in (*self.each_round, *_rounds):
                    do()
                work_due()
            except Exception:
                log.exception("The background worker stumbled; it goes on.")
            finally:
                close_old_connections()

    def stop(self) -> None:
        self.stopping.set()
        _wake.set()


def _take() -> Any:
    """Lease one due job, or None. The lease is an UPDATE with its condition, so two workers never share one."""
    from config.models import Job

    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    job = Job.objects.filter(free, due_at__lte=now, tries__lt=MAX_TRIES).order_by("due_at").first()
    if job is None:
        return None
    job.lease_until = now + LEASE
    leased = Job.objects.filter(free, pk=job.pk).update(lease_until=job.lease_until, tries=F("tries") + 1)
    return job if leased else None


def _do(job: Any) -> None:
    from config.models import Job

    handler = _handlers.get(job.kind)
    mine = Job.objects.filter(
        pk=job.pk, lease_until=job.lease_until
    )  # a lease that ran out may be another's now
    try:
        if handler is None:
            raise LookupError(f"nobody does {job.kind}")
        handler(job.payload)
    except Exception as error:
        log.exception("Job %s failed (try %d).", job, job.tries + 1)
        pause = timedelta(seconds=min(3600, 5 * 4**job.tries))
        mine.update(error=repr(error)[:2000], lease_until=None, due_at=timezone.now() + pause)
        return
    # Wanted again while it ran: the version moved, and it stays for another round.
    mine.filter(version=job.version).delete()
    mine.update(lease_until=None)

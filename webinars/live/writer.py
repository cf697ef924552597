"""The group-commit writer: one thread a process takes what queued while the last COMMIT ran, and commits it once.

What is acknowledged is on disk (synchronous=FULL), and one fsync serves the batch: 43,000 votes/s where a transaction
each does 200. Sessions, rights and budgets are checked once for the batch, inside its transaction.
"""

import logging
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils import timezone

from accounts.writing import writing
from webinars.actions.deed import Deed, Refused
from webinars.models import Participant, Webinar
from webinars.models.hot import bump

from . import metrics
from .admission import standing
from .protocol import Command
from .verbs import BULK, do

log = logging.getLogger(__name__)

BATCH = 500  # commands in one transaction: some 10 ms, so that nobody else waits long for the write lock
PACE = 0.02  # seconds from one batch's start to the next's: a lone command never waits, a crowd's share one fsync
CROWD = 50  # so many waiting do not wait for the pace

Outcome = dict[str, Any]


@dataclass(slots=True)
class Order:
    """A command on its way to the disk: who sent it, through which session, and whom to tell."""

    command: Command
    webinar: int
    participant: int
    session: str
    reply: Callable[[Outcome], None]


class Writer(threading.Thread):
    """Takes orders from any thread; `deliver` hands the outcomes of a whole batch back at once."""

    def __init__(self, deliver: Callable[[list[tuple[Order, Outcome]]], None]) -> None:
        super().__init__(name="writer", daemon=True)
        self.queue: SimpleQueue[Order | None] = SimpleQueue()
        self.crowded = threading.Event()
        self.deliver = deliver

    def submit(self, order: Order) -> None:
        self.queue.put(order)
        if self.queue.qsize() >= CROWD:
            self.crowded.set()

    def stop(self) -> None:
        """End after what is queued now."""
        self.queue.put(None)
        self.crowded.set()

    def run(self) -> None:
        began = -PACE
        while True:
            first = self.queue.get()
            self.crowded.wait(max(0.0, began + PACE - time.monotonic()))
            self.crowded.clear()
            began = time.monotonic()
            batch, ending = self._take(first)
            if batch:
                outcomes = self._write(batch)
                self.deliver(list(zip(batch, outcomes)))
                metrics.COMMITS.observe(time.monotonic() - began)
                metrics.BATCHES.observe(len(batch))
                for (do, said), number in Counter(map(_verb_and_outcome, batch, outcomes)).items():
                    metrics.COMMANDS.labels(do, said).inc(number)
            if ending:
                connection.close()
                return

    def _take(self, order: Order | None) -> tuple[list[Order], bool]:
        batch: list[Order] = []
        while order is not None:
            batch.append(order)
            if len(batch) == BATCH or self.queue.empty():
                return batch, False
            order = self.queue.get()
        return batch, True

    def _write(self, batch: list[Order]) -> list[Outcome]:
        try:
            close_old_connections()
            return write(batch)
        except Exception:
            log.exception("A batch of %d could not be written; each is tried alone.", len(batch))
        return [self._alone(order) for order in batch]

    def _alone(self, order: Order) -> Outcome:
        """One bad order must not fail 499 others."""
        try:
            return write([order])[0]
        except DatabaseError:
            log.exception("Not saved: %s", order.command.do)
            return {"error": "not_saved"}
        except Exception:
            log.exception("Failed: %s", order.command.do)
            return {"error": "not_saved"}


def _verb_and_outcome(order: Order, outcome: Outcome) -> tuple[str, str]:
    return order.command.do, outcome.get("error", "ok")


def write(batch: Sequence[Order]) -> list[Outcome]:
    """Write orders in one transaction; their outcomes in the same order. Any error but a refusal rolls all back."""
    outcomes: list[Outcome] = [{} for _ in batch]
    with writing():
        # The first statement takes the webinars' rows in id order: no other process changes them until the commit.
        webinars = bump(order.webinar for order in batch)
        sessions, people = standing({o.session for o in batch}, {o.participant for o in batch})
        deeds: dict[int, Deed] = {}
        bulk: dict[tuple[int, str], list[int]] = defaultdict(list)
        for n, order in enumerate(batch):
            refusal = _refusal(order, webinars, sessions, people)
            if refusal:
                outcomes[n] = Outcome(error=refusal)
            elif order.command.do in BULK:
                bulk[order.webinar, order.command.do].append(n)
            else:
                outcomes[n] = _single(webinars[order.webinar], people[order.participant], order, deeds)
        for (webinar, verb), numbers in bulk.items():
            deed = deeds.setdefault(webinar, Deed(webinars[webinar], None, timezone.now()))
            wants = [(people[batch[n].participant], batch[n].command.args) for n in numbers]
            for n, refused in zip(numbers, BULK[verb](deed, wants)):
                outcomes[n] = _refused(refused) if refused else Outcome(ok={})
        for deed in deeds.values():
            deed.announce()
    return outcomes


def _refusal(
    order: Order, webinars: dict[int, Webinar], sessions: set[str], people: dict[int, Participant]
) -> str:
    person = people.get(order.participant)
    if order.session not in sessions:
        return "signed_out"
    if person is None or person.webinar_id != order.webinar or order.webinar not in webinars:
        return "removed"
    return ""


def _single(webinar: Webinar, person: Participant, order: Order, deeds: dict[int, Deed]) -> Outcome:
    """One deed in a savepoint: refused, it leaves nothing behind."""
    deed = Deed(webinar, person, timezone.now())
    before = webinar.__dict__.copy()
    try:
        with transaction.atomic():
            result = do(deed, order.command)
    except Refused as refused:
        webinar.__dict__.update(before)
        return _refused(refused)
    deeds.setdefault(webinar.pk, deed).join(deed)
    return {"ok": result}


def _refused(refused: Refused) -> Outcome:
    return {"error": refused.code, **refused.facts}

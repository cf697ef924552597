"""The made-up audience of a rehearsal: comes in, asks, votes and asks to speak by the very actions people do.

A thread for each rehearsal that goes on, in whatever process does the background work. The row's lease keeps two
processes from doing it twice; should one die, another goes on. What is asked are the product's own examples.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import close_old_connections, connection
from django.db.models import F
from django.utils import timezone

from accounts.writing import writing
from webinars.actions.deed import Deed, Refused, deed
from webinars.actions.people import enter_webinar
from webinars.actions.questions import ask_question
from webinars.actions.queue import raise_hand
from webinars.actions.votes import Ballot, cast_votes
from webinars.demo.content import load
from webinars.models import Hand, MadeUpAudience, Participant, Question

log = logging.getLogger(__name__)

STEP = 0.25  # seconds between two looks at what is owed
RENEW = 3.0  # seconds between two looks at whether it should go on
LEASE = timedelta(seconds=15)
COME_IN = 20.0  # seconds until everybody has come
HANDS_UP = 3  # who wait to speak at once, one more a minute
NAME = "Example"

Do = Callable[[Deed], object]
_going: dict[int, "Audience"] = {}


def look() -> None:
    """Begin with every rehearsal that waits for its audience. Called by the background worker, round by round."""
    for audience in MadeUpAudience.objects.due():
        thread = _going.get(audience.webinar_id)
        if thread is None or not thread.is_alive():
            _going[audience.webinar_id] = thread = Audience(audience.webinar_id)
            thread.start()


class Audience(threading.Thread):
    """The people of one rehearsal."""

    def __init__(self, webinar: int, *, seed: int | None = None) -> None:
        super().__init__(name=f"audience-{webinar}", daemon=True)
        self.webinar = webinar
        self.luck = random.Random(seed)
        self.people: list[Participant] = []
        self.examples: list[tuple[str, str]] = []  # (language, words)
        self.owed = {"come": 0.0, "ask": 0.0, "vote": 0.0, "hand": 0.0}

    def run(self) -> None:
        try:
            self._go_on()
        except Exception:
            log.exception("The audience of rehearsal %d left.", self.webinar)
        finally:
            connection.close()

    def _go_on(self) -> None:
        row = MadeUpAudience.objects.filter(webinar=self.webinar).first()
        lease = self._lease(None) if row is not None else None
        if row is None or lease is None:
            return
        self.examples = examples_in(row.languages)
        looked = last = time.monotonic()
        while True:
            time.sleep(STEP)
            now = time.monotonic()
            if now - looked > RENEW:
                looked = now
                close_old_connections()
                row = MadeUpAudience.objects.filter(webinar=self.webinar).first()
                if row is None or not row.is_going():
                    return
                lease = self._lease(lease)
                if lease is None:
                    return
                self.people = self._people()
            self.live(row, now - last)
            last = now

    def live(self, row: MadeUpAudience, seconds: float) -> None:
        """What such an audience does in so many seconds."""
        for what, a_second in (
            ("come", row.people / COME_IN),
            ("ask", row.questions_a_minute / 60),
            ("vote", row.votes_a_minute / 60),
            ("hand", 1 / 60),
        ):
            self.owed[what] += a_second * seconds
        if come := self._due("come", row.people - len(self.people)):
            self._come_in(row, come)
        if not self.people:
            return
        for _ in range(self._due("ask", 5)):
            self._ask(row)
        if votes := self._due("vote", 200):
            self._vote(votes)
        if self._due("hand", 1):
            self._raise()

    def _due(self, what: str, most: int) -> int:
        """How many of it are due now; what is more than `most` is let go."""
        whole = int(self.owed[what])
        self.owed[what] -= whole
        return max(0, min(whole, most))

    def _lease(self, mine: datetime | None) -> datetime | None:
        """Say that it goes on here. None when another process says so."""
        until = timezone.now() + LEASE
        due = (
            MadeUpAudience.objects.due() if mine is None else MadeUpAudience.objects.filter(lease_until=mine)
        )
        with writing():
            return until if due.filter(webinar=self.webinar).update(lease_until=until) else None

    def _people(self) -> list[Participant]:
        """Those who are still here: the desk may mute or remove them, as it may anybody."""
        here = Participant.objects.admitted().filter(webinar=self.webinar, user=None)
        return list(here.filter(name__regex=rf"^{NAME} \d+$").order_by("pk"))

    def _come_in(self, row: MadeUpAudience, number: int) -> None:
        ever = Participant.objects.filter(webinar=self.webinar, name__regex=rf"^{NAME} \d+$").count()
        for n in range(ever + 1, ever + 1 + number):
            language = self.luck.choice([lang for lang, _ in self.examples])
            with writing():
                person = Participant.objects.create(
                    webinar_id=self.webinar, name=f"{NAME} {n}", reads=[language], invited_at=timezone.now()
                )
            self.people.append(enter_webinar(row.webinar, person=person))

    def _ask(self, row: MadeUpAudience) -> None:
        language, words = self.examples[row.asked % len(self.examples)]
        row.asked += 1
        MadeUpAudience.objects.filter(pk=row.pk).update(asked=F("asked") + 1)
        fitting = [person for person in self.people if language in person.reads] or self.people
        self._try(
            self.luck.choice(fitting),
            lambda done: ask_question(done, client_id=uuid4(), text=words, language=language),
        )

    def _vote(self, number: int) -> None:
        questions = list(
            Question.objects.filter(webinar=self.webinar).published().values_list("pk", flat=True)
        )
        if not questions:
            return
        with deed(self.webinar) as done:
            cast_votes(
                done,
                [
                    # What was asked first is wanted most, as it is in life.
                    Ballot(
                        self.luck.choice(self.people),
                        questions[min(int(self.luck.expovariate(0.2)), len(questions) - 1)],
                        self.luck.random() < 0.95,
                    )
                    for _ in range(number)
                ],
            )

    def _raise(self) -> None:
        if Hand.objects.filter(webinar=self.webinar).waiting().count() < HANDS_UP:
            person = self.luck.choice(self.people)
            language = person.reads[0] if person.reads else ""
            self._try(person, lambda done: raise_hand(done, client_id=uuid4(), language=language))

    def _try(self, person: Participant, do: Do) -> None:
        """What the room does not take now, it does not take from them either."""
        try:
            with deed(self.webinar, by=person) as done:
                do(done)
        except Refused:
            pass


def examples_in(languages: list[str]) -> list[tuple[str, str]]:
    """The product's own example questions in these languages, or in all where none of them has any."""
    examples = load().questions
    found = [(one.said.lang, one.said.text) for one in examples]
    found += [(language, text) for one in examples for language, text in one.renditions.items()]
    return [one for one in found if one[0] in languages] or found

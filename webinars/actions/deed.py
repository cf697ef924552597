"""A deed: one change to a webinar, in one transaction, with one seq, announced after the commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.writing import writing
from webinars import policies
from webinars.announce import Word, announce
from webinars.models import Act, Participant, Question, Webinar
from webinars.models.hot import bump

from .index import index_later

# Of a question: what the search finds it by, and for whom. Whatever deed changes that, the index follows.
FOUND_BY = {"text", "language", "visibility"}


class Refused(Exception):
    """A deed that may not be done. `code` is one of live/protocol.py REFUSALS; its words stand in templates."""

    def __init__(self, code: str, **facts: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(slots=True)
class Deed:
    """What every change of one transaction shares: the webinar, its new seq, who, when.

    `webinar` is read inside the transaction, after its seq moved: nobody else can change it until the commit.
    """

    webinar: Webinar
    by: Participant | None
    at: datetime
    user: User | None = None
    ballots: list[tuple[int, int, bool]] = field(default_factory=list)
    news: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    stirred: set[tuple[int, str]] = field(default_factory=set)

    @property
    def seq(self) -> int:
        return self.webinar.seq

    def require(self, verb: str) -> Participant:
        """The person doing it, or Refused when they may not, or not now."""
        if why := policies.refusal(self.by, verb, self.webinar):
            raise Refused(why)
        assert self.by is not None
        return self.by

    def question(self, pk: int) -> Question:
        """A question of this webinar, whoever asks: an id of another room is simply not found."""
        found = Question.objects.filter(webinar=self.webinar, pk=pk).select_related("participant").first()
        if found is None:
            raise Refused("not_found")
        return found

    def touch(self, question: Question, **changes: Any) -> None:
        """Change a row and stamp it, so that it travels with the next frame."""
        for name, value in changes.items():
            setattr(question, name, value)
        question.seq = self.seq
        question.save(update_fields=[*changes, "seq"])
        if not FOUND_BY.isdisjoint(changes):
            index_later(question.pk)

    def touch_room(self, **changes: Any) -> None:
        """Change the webinar's header and stamp it."""
        for name, value in changes.items():
            setattr(self.webinar, name, value)
        self.webinar.room_seq = self.seq
        self.webinar.save(update_fields=[*changes, "room_seq"])

    def touch_part(self, part: str) -> None:
        """Stamp one of `models.events.PARTS`, so that it is read again and travels with the next frame."""
        setattr(self.webinar, f"{part}_seq", self.seq)
        self.webinar.save(update_fields=[f"{part}_seq"])

    def tell(self, person: Participant, **news: Any) -> None:
        """News for one person's own windows, after the commit, by part (live/parts.py: `own`)."""
        self.news.append((person.pk, news))

    def stir(self, person: int, part: str) -> None:
        """What is for this person alone in a part moved: their other tabs read it anew (live/parts.py: `own`)."""
        self.stirred.add((person, part))

    def record(self, verb: str, question: Question | None = None, **facts: Any) -> Act:
        """Append to what was done: who, verb, reason, when."""
        return Act.objects.create(
            webinar=self.webinar, by=self.by, user=self.user, verb=verb, question=question, at=self.at,
            seq=self.seq, **facts,
        )  # fmt: skip

    def join(self, other: "Deed") -> None:
        """Announce what another deed of the same transaction has to tell, too."""
        if other is not self:
            self.ballots += other.ballots
            self.news += other.news
            self.stirred |= other.stirred

    def undone(self, act: Act, verb: str = "undo", **facts: Any) -> Act:
        """Mark an act, and those it was made of, as taken back by this deed; the act of taking it back."""
        for part in [*Act.objects.filter(pk__in=act.before.get("parts", ())), act]:
            part.undone_by = last = self.record(verb, part.question, **facts)
            part.save(update_fields=["undone_by"])
        return last

    def announce(self) -> None:
        word = Word(
            self.webinar.pk, self.seq, tuple(self.ballots), tuple(self.news), tuple(sorted(self.stirred))
        )
        announce(word)


@contextmanager
def deed(webinar_id: int, *, by: Participant | None = None, user: User | None = None) -> Iterator[Deed]:
    """One deed from a page, the admin or a command, in its own transaction. Raises Refused for a missing webinar.

    `by` is read anew inside the transaction: a right lost a moment ago is lost.
    """
    with writing():
        webinar = bump([webinar_id]).get(webinar_id)
        if webinar is None:
            raise Refused("not_found")
        person = Participant.objects.filter(pk=by.pk, webinar=webinar).first() if by else None
        done = Deed(webinar, person, timezone.now(), user)
        yield done
        done.announce()

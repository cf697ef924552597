"""What happened in a room while somebody was away: answers and notices, by the times of their rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Max
from django.utils import timezone

from webinars.live.part import Json
from webinars.live.reading import notice_row, row_of
from webinars.models import (
    Answer,
    AnswerKind,
    Attendance,
    Notice,
    Participant,
    Question,
    Role,
    To,
    Visibility,
    Webinar,
)

GAP: Final = timedelta(minutes=2)  # shorter was nobody away
FARTHEST: Final = timedelta(days=7)
MOST: Final = 20  # of each that are told whole; all are counted


class Told(NamedTuple):
    """A question and the answer to it, as everybody reads them."""

    row: Json
    answer: Json


@dataclass(frozen=True, slots=True)
class Missed:
    """Oldest first, as it happened; the counts are of all."""

    since: datetime
    answers: list[Told]
    notices: list[Json]
    answer_count: int
    notice_count: int

    def __bool__(self) -> bool:
        return bool(self.answer_count or self.notice_count)


def missed_since(webinar: Webinar, person: Participant, since: datetime) -> Missed:
    """What somebody who was away since then may read of it now: of what was hidden or taken back, nothing."""
    since = max(since, timezone.now() - FARTHEST)
    given = Answer.objects.filter(
        question__webinar=webinar, question__visibility=Visibility.PUBLISHED, given_at__gt=since
    ).exclude(kind=AnswerKind.PROMISED)
    to = [To.EVERYBODY, *([To.SPEAKERS] if person.has(Role.SPEAKER) else [])]
    said = Notice.objects.filter(webinar=webinar, to__in=to, at__gt=since, withdrawn_at=None)
    ids = dict.fromkeys(given.order_by("given_at", "id").values_list("question", flat=True))
    questions = Question.objects.filter(pk__in=list(ids)[-MOST:]).with_all()
    rows = {question.pk: row_of(question, webinar).everyone for question in questions}
    answers = [Told(row, _answers_of(row)[-1]) for pk in ids if (row := rows.get(pk))]
    notices = list(said.prefetch_related("renditions").order_by("at", "id"))
    return Missed(since, answers, [notice_row(one) for one in notices[-MOST:]], len(ids), len(notices))


def _answers_of(row: Json) -> list[Json]:
    return [answer for answer in row["answers"] if answer["kind"] != AnswerKind.PROMISED]


def left_at(person: Participant) -> datetime | None:
    """The end of their last interval of attendance; None for somebody who was never here, or was a moment ago."""
    last: datetime | None = Attendance.objects.filter(participant=person).aggregate(last=Max("left_at"))[
        "last"
    ]
    return last if last and timezone.now() - last >= GAP else None


def missed_by(webinar: Webinar, person: Participant) -> Missed | None:
    """For a page somebody comes back to; None where there is nothing to tell."""
    since = left_at(person)
    return (missed_since(webinar, person, since) or None) if since else None

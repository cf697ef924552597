"""What a webinar comes to, on a page one can hand to a minister: who came, what was asked, answered, promised, owed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from webinars.models import (
    Answer,
    AnswerKind,
    Attendance,
    Commitment,
    Opinion,
    Participant,
    Poll,
    Question,
    Webinar,
)

MOST_WANTED = 10
ANSWERS = 14  # on paper; the table beside it has all of them
ORGANISATIONS = 15
OPINIONS = 8


@dataclass(frozen=True, slots=True)
class Came:
    """Who came. `people` are seats, `with_beside` also those who sat beside them; minutes are those in the room."""

    people: int
    with_beside: int
    registered: int
    countries: list[tuple[str, int]]  # code, with those beside; "" for those who did not say
    organisations: list[tuple[str, int]]
    other_organisations: int
    peak: int
    peak_at: datetime | None
    minutes: int  # of all together
    minutes_each: int

    @property
    def known_countries(self) -> int:
        return sum(1 for code, _ in self.countries if code)


@dataclass(frozen=True, slots=True)
class Answered:
    """A published question, and in short what was answered, promised, or why nothing was."""

    question: Question
    answer: Answer | None
    promise: Answer | None

    @property
    def overdue(self) -> bool:
        return (
            self.promise is not None
            and self.promise.due is not None
            and self.promise.due < timezone.localdate()
        )

    @property
    def by(self) -> str:
        """Who answered, or promised to."""
        if self.answer is None:
            return self.promise.owner if self.promise else ""
        people = [self.answer.speaker, *(self.answer.turn.speakers.all() if self.answer.turn else ())]
        names = dict.fromkeys(one.name for one in people if one is not None and one.name)
        return ", ".join(names) or self.answer.owner

    @property
    def due(self) -> date | None:
        return self.promise.due if self.promise else None


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything of the page, of the table and of the data beside it."""

    webinar: Webinar
    came: Came
    questions: list[Answered]  # all published, as they were answered
    waiting: int  # asked, and neither published nor put aside
    promises: list[Commitment]
    judged: dict[str, int]
    polls: list[Poll]  # whose results everybody may read, with their options
    opinions: list[Opinion]  # published, those most people took a side on first

    @property
    def most_held(self) -> list[Opinion]:
        return self.opinions[:OPINIONS]

    @property
    def most_wanted(self) -> list[Answered]:
        wanted = sorted(self.questions, key=lambda one: (-one.question.votes, one.question.pk))
        return wanted[:MOST_WANTED]

    @property
    def answered(self) -> list[Answered]:
        return [one for one in self.questions if one.answer is not None]

    @property
    def in_short(self) -> list[Answered]:
        """Answers with words that do not stand among the most wanted already, as many as paper has room for."""
        above = {one.question.pk for one in self.most_wanted}
        told = [
            one for one in self.answered if one.answer and one.answer.gist and one.question.pk not in above
        ]
        return told[:ANSWERS]

    @property
    def not_shown(self) -> int:
        shown = {one.question.pk for one in (*self.most_wanted, *self.in_short)}
        return len([one for one in self.answered if one.question.pk not in shown])

    @property
    def owed(self) -> list[Answered]:
        found = [one for one in self.questions if one.answer is None and one.promise is not None]
        return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.question.pk))

    @property
    def closed(self) -> list[tuple[str, int]]:
        reasons = Counter(one.question.closed_reason for one in self.questions if one.question.closed_reason)
        return reasons.most_common()

    @property
    def open(self) -> int:
        """Neither answered, promised nor closed."""
        return sum(not (one.answer or one.promise or one.question.closed_reason) for one in self.questions)


def summary_of(webinar: Webinar) -> Summary:
    """In a constant number of queries."""
    published = Question.objects.filter(webinar=webinar).published().as_archived().with_all()
    questions = [_answered(question) for question in published]
    says = Answer.objects.given().filter(question__webinar=webinar).exclude(asker_says="").order_by()
    return Summary(
        webinar=webinar,
        came=came_to(webinar),
        questions=questions,
        waiting=Question.objects.filter(webinar=webinar, visibility="submitted").count(),
        promises=list(webinar.commitments.for_list().in_order()),
        judged=dict(says.values_list("asker_says").annotate(Count("pk"))),
        polls=list(Poll.objects.shown().filter(webinar=webinar).with_options().order_by("pk")),
        opinions=sorted(
            Opinion.objects.filter(webinar=webinar).published(), key=lambda one: -(one.agree + one.disagree)
        ),
    )


def came_to(webinar: Webinar) -> Came:
    """Whoever was in the room. A person counts once, on however many devices."""
    people = Participant.objects.present().filter(webinar=webinar)
    there = {
        one.pk: one for one in people.exclude(joined_at=None).only("country", "organisation", "people_here")
    }
    spans = Attendance.objects.filter(participant__in=there).order_by("participant", "arrived_at")
    presence = _united(spans.values_list("participant", "arrived_at", "left_at"))
    peak, peak_at = _peak(presence, {pk: one.people_here for pk, one in there.items()})
    minutes = {
        pk: sum(((b - a) for a, b in mine), timedelta()).total_seconds() / 60 for pk, mine in presence.items()
    }
    countries: Counter[str] = Counter()
    for one in there.values():
        countries[one.country] += one.people_here
    organisations = _called(one.organisation for one in there.values())
    return Came(
        people=len(there),
        with_beside=sum(one.people_here for one in there.values()),
        registered=people.exclude(registered_at=None).count(),
        countries=countries.most_common(),
        organisations=organisations[:ORGANISATIONS],
        other_organisations=len(organisations[ORGANISATIONS:]),
        peak=peak,
        peak_at=peak_at,
        minutes=round(sum(minutes.values())),
        minutes_each=round(sum(minutes.values()) / len(minutes)) if minutes else 0,
    )


def _answered(question: Question) -> Answered:
    answers = list(question.answers.all())
    given = [one for one in answers if one.kind != AnswerKind.PROMISED]
    promised = [one for one in answers if one.kind == AnswerKind.PROMISED]
    return Answered(question, given[-1] if given else None, promised[-1] if promised else None)


Span = tuple[datetime, datetime]


def _united(spans: Iterable[tuple[int, datetime, datetime]]) -> dict[int, list[Span]]:
    """Each person's intervals without their overlaps: two devices are one person. They come in order."""
    found: dict[int, list[Span]] = {}
    for person, arrived, left in spans:
        mine = found.setdefault(person, [])
        if mine and arrived <= mine[-1][1]:
            mine[-1] = (mine[-1][0], max(left, mine[-1][1]))
        else:
            mine.append((arrived, left))
    return found


def _peak(presence: dict[int, list[Span]], beside: dict[int, int]) -> tuple[int, datetime | None]:
    """Most people in the room at once, with those beside them, and since when."""
    steps: list[tuple[datetime, int]] = []
    for person, spans in presence.items():
        for arrived, left in spans:
            steps += [(arrived, beside[person]), (left, -beside[person])]
    here = most = 0
    at = None
    for instant, step in sorted(steps):  # who leaves at the instant another comes has left
        here += step
        if here > most:
            most, at = here, instant
    return most, at


def _called(names: Iterable[str]) -> list[tuple[str, int]]:
    """Organisations as most people wrote them, whatever the case, with how many came from each."""
    spelled: dict[str, Counter[str]] = {}
    for name in names:
        if tidy := " ".join(name.split()):
            spelled.setdefault(tidy.casefold(), Counter())[tidy] += 1
    found = [(ways.most_common(1)[0][0], ways.total()) for ways in spelled.values()]
    return sorted(found, key=lambda one: (-one[1], one[0].casefold()))


def data_of(summary: Summary, rows: Sequence[dict[str, Any]], reads: Sequence[str]) -> dict[str, Any]:
    """The same for programs. Names only where everybody may read them: `rows` come with those left out."""
    webinar, came = summary.webinar, summary.came
    return {
        "webinar": {
            "id": webinar.pk,
            "title": webinar.title.to_json(),
            "state": webinar.state,
            "began": _iso(webinar.started_at),
            "ended": _iso(webinar.ended_at),
            "organisations": [str(one) for one in webinar.organisations.all()],
        },
        "came": {
            "people": came.people,
            "with_people_beside": came.with_beside,
            "registered": came.registered,
            "countries": dict(came.countries),
            "organisations": dict(came.organisations),
            "peak": came.peak,
            "peak_at": _iso(came.peak_at),
            "minutes_together": came.minutes,
            "minutes_each": came.minutes_each,
        },
        "questions": list(rows),
        "asker_says": summary.judged,
        "closed": dict(summary.closed),
        "polls": [
            {
                "text": one.text.to_json(),
                "kind": one.kind,
                "people": one.ballots,
                "options": [
                    {"text": option.text.to_json() if option.text else str(option), "votes": option.votes}
                    for option in one.options.all()
                ],
            }
            for one in summary.polls
        ],
        "opinions": [
            {
                "text": one.text,
                "language": one.language,
                "agree": one.agree,
                "disagree": one.disagree,
                "skip": one.skip,
            }
            for one in summary.opinions
        ],
        "still_open": summary.open,
        "promises": [
            {
                "text": one.text.to_json(),
                "owner": one.owner,
                "due": one.due.isoformat() if one.due else None,
                "standing": one.standing,
                "figure_now": one.figure_now,
                "figure_goal": one.figure_goal,
            }
            for one in summary.promises
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

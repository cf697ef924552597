"""What a webinar leaves for everybody: what was answered and when, what is still owed, what nobody answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils import timezone

from webinars.live.part import Json
from webinars.live.texts import texts_in
from webinars.models import Answer, AnswerKind, Participant, Question, Visibility, Webinar
from webinars.models.questions import QuestionQuerySet

from .reading import Line, card_of
from .room_page import Card

A_PAGE = 50
ON_PAPER = 500  # all on one page, for printing
Part = Literal["answered", "owed", "open"]
PARTS: tuple[Part, ...] = ("answered", "owed", "open")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as the archive tells it: from which second of the webinar, how long, by whom."""

    answer: Answer
    gist: Json  # in short, with its renditions (live/texts.py)
    second: int | None
    minutes: int
    afterwards: bool  # written after the end
    by: tuple[str, ...]  # everybody who spoke in the turn, or who promised what is written


@dataclass(frozen=True, slots=True)
class Answered:
    """All that was answered to a question, or the promise of an answer."""

    said: tuple[Said, ...]
    owed: Answer | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Kept(Answered):
    """A question of the archive with its answers."""

    card: Card


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand under one heading: a part of the archive, and in it a point of the agenda."""

    part: Part
    begins: bool  # the first of its part on this page
    line: Line | None
    afterwards: bool
    questions: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a published question stands, known before anything else of it is read."""

    pk: int
    part: Part
    line: int | None  # of the agenda, from 0
    afterwards: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """How much there is of each part, and the first question of each: what the page's own links need."""

    counts: dict[str, int]
    first: dict[str, int]

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        return [(part, self.counts[part], self.first[part]) for part in PARTS if part in self.counts]


@dataclass(frozen=True, slots=True)
class Archive:
    page: Page[Place]
    groups: list[Group]
    contents: Contents
    agenda: list[Line]
    missing: bool  # the link led to a question that is not here


def archive_of(request: HttpRequest, webinar: Webinar, agenda: Sequence[Line]) -> Archive:
    """The page that was asked for. The queries are as many for three questions as for three hundred."""
    published = Question.objects.filter(webinar=webinar).published()
    places = _places(published, webinar, agenda)
    page, missing = _page(request, places)
    wanted = [place.pk for place in page.object_list]
    found = {question.pk: question for question in published.with_all().filter(pk__in=wanted)}
    kept = [(place, _kept(found[place.pk], webinar)) for place in page.object_list if place.pk in found]
    return Archive(page, _groups(kept, agenda), _contents(places), _with_counts(agenda, places), missing)


def nothing_of(agenda: Sequence[Line]) -> Archive:
    """For those who may not read what was asked."""
    return Archive(Paginator([], A_PAGE).get_page(1), [], Contents({}, {}), list(agenda), missing=False)


def answered_by(webinar: Webinar, people: Iterable[Participant]) -> dict[int, int]:
    """How many published questions each of these people answered."""
    given = Answer.objects.filter(question__webinar=webinar, question__visibility=Visibility.PUBLISHED)
    pairs = given.exclude(kind=AnswerKind.PROMISED).values_list("speaker", "question").distinct()
    ids = {person.pk for person in people}
    counts: dict[int, int] = {}
    for speaker, _ in pairs:
        if speaker in ids:
            counts[speaker] = counts.get(speaker, 0) + 1
    return counts


def _places(published: QuestionQuerySet, webinar: Webinar, agenda: Sequence[Line]) -> list[Place]:
    """Answered in the order of the answers, then what is owed, then what nobody answered, most wanted first."""
    rows = published.as_archived().values_list("pk", "given", "first_turn", "is_owed")  # type: ignore[misc]
    places = []
    for pk, given, began, owed in rows:
        part: Part = "answered" if given else "owed" if owed else "open"
        at = began or given
        afterwards = bool(at and webinar.ended_at and at > webinar.ended_at)
        places.append(Place(pk, part, None if afterwards else _line_at(at, agenda), afterwards))
    return places


def _line_at(at: datetime | None, agenda: Sequence[Line]) -> int | None:
    """The point of the agenda that ran then: the last one begun before."""
    begun = [(n, line.item.started_at) for n, line in enumerate(agenda) if line.item.started_at]
    return max((n for n, began in begun if at and began <= at), default=None)


def _page(request: HttpRequest, places: list[Place]) -> tuple[Page[Place], bool]:
    size = ON_PAPER if "all" in request.GET else A_PAGE
    pages = Paginator(places, size)
    wanted = request.GET.get("question", "")
    if not wanted:
        return pages.get_page(request.GET.get("page")), False
    ids = [place.pk for place in places]
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 and int(wanted) in ids:
        return pages.get_page(ids.index(int(wanted)) // size + 1), False
    return pages.get_page(1), True


def _kept(question: Question, webinar: Webinar) -> Kept:
    told = answered_of(question, webinar)
    return Kept(told.said, told.owed, told.overdue, card_of(question, webinar))


def answered_of(question: Question, webinar: Webinar) -> Answered:
    """Expects `Question.objects.with_all()`."""
    answers = list(question.answers.all())
    given = [answer for answer in answers if answer.kind != AnswerKind.PROMISED]
    owed = next((answer for answer in reversed(answers) if answer.kind == AnswerKind.PROMISED), None)
    late = owed is not None and owed.due is not None and owed.due < timezone.localdate()
    said = tuple(_said(answer, webinar, _gist(answer, question)) for answer in given)
    return Answered(said, None if given else owed, late and not given)


def _gist(answer: Answer, question: Question) -> Json:
    made = [one for one in question.renditions.all() if one.answer_id == answer.pk]
    return {"gist": answer.gist, "lang": answer.language} | texts_in(made, answer.gist, behind=False)


def _said(answer: Answer, webinar: Webinar, gist: Json) -> Said:
    turn = answer.turn
    at = turn.started_at if turn else answer.given_at
    began, ended = webinar.started_at, webinar.ended_at
    afterwards = bool(ended and at > ended)
    second = int((at - began).total_seconds()) if began and at >= began and not afterwards else None
    span = (turn.ended_at - turn.started_at).total_seconds() if turn and turn.ended_at else 0
    people = [answer.speaker, *(turn.speakers.all() if turn else ())]
    names = dict.fromkeys(person.name for person in people if person is not None and person.name)
    by = tuple(names) or ((answer.owner,) if answer.owner else ())
    return Said(answer, gist, second, round(span / 60), afterwards, by)


def _groups(kept: Iterable[tuple[Place, Kept]], agenda: Sequence[Line]) -> list[Group]:
    groups: list[Group] = []
    heading: tuple[Part, int | None, bool] | None = None
    gathered: list[Kept] = []

    def close() -> None:
        if heading is not None:
            part, line, afterwards = heading
            begins = not groups or groups[-1].part != part
            groups.append(
                Group(part, begins, agenda[line] if line is not None else None, afterwards, tuple(gathered))
            )

    for place, one in kept:
        here = (place.part, place.line, place.afterwards)
        if here != heading:
            close()
            heading, gathered = here, []
        gathered.append(one)
    close()
    return groups


def _contents(places: Iterable[Place]) -> Contents:
    counts: dict[str, int] = {}
    first: dict[str, int] = {}
    for place in places:
        counts[place.part] = counts.get(place.part, 0) + 1
        first.setdefault(place.part, place.pk)
    return Contents(counts, first)


def _with_counts(agenda: Sequence[Line], places: Iterable[Place]) -> list[Line]:
    under: dict[int, list[int]] = {}
    for place in places:
        if place.part == "answered" and place.line is not None:
            under.setdefault(place.line, []).append(place.pk)
    return [
        line.with_answers(len(under.get(n, ())), under[n][0] if n in under else 0)
        for n, line in enumerate(agenda)
    ]

"""The floor: what is next, what is being answered now, and what was answered."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max

from accounts.languages import valid
from accounts.plain import one_line, unturned
from webinars.models import (
    Act,
    Answer,
    AnswerKind,
    AskerSays,
    Floor,
    Participant,
    Question,
    Role,
    Turn,
    TurnQuestion,
    Visibility,
)

from .deed import Deed, Refused
from .index import index_later

MAX_GIST = 1000


def put_next(deed: Deed, question: Question) -> Act | None:
    """Line a published question up, behind those that are lined up."""
    deed.require("next")
    _must_be_published(question)
    if question.floor == Floor.NEXT:
        return None
    if question.floor == Floor.IN_TURN:
        raise Refused("on_floor")
    before = places_before([question])
    last = Question.objects.filter(webinar=deed.webinar, floor=Floor.NEXT).aggregate(last=Max("next_rank"))
    deed.touch(question, floor=Floor.NEXT, next_rank=(last["last"] or 0) + 1)
    deed.touch_room()
    return deed.record("next", question, before=before)


def take_off_next(deed: Deed, question: Question) -> Act | None:
    """Back to the list."""
    deed.require("unnext")
    if question.floor != Floor.NEXT:
        return None
    before = places_before([question])
    deed.touch(question, floor=_resting_floor(question), next_rank=None)
    deed.touch_room()
    return deed.record("unnext", question, before=before)


def open_turn(
    deed: Deed,
    question: Question,
    *,
    add: bool = False,
    turn: int | None = None,
    speakers: Iterable[int] = (),
) -> Act | None:
    """Put a question on the floor; with `add` into the turn that is open, which may be named.

    Raises Refused("floor_taken") when another turn is open and `add` is not said: one thing at a time.
    """
    deed.require("floor")
    _must_be_published(question)
    if question.floor == Floor.IN_TURN:
        return None
    into = open_now(deed, turn if add else None)
    if into is not None and not add:
        raise Refused("floor_taken")
    before = places_before([question])
    if into is None:
        into = Turn.objects.create(webinar=deed.webinar, started_at=deed.at)
        into.speakers.set(_speakers(deed, question, speakers))
        before["opened"] = into.pk
    else:
        before["added_to"] = into.pk
        into.speakers.add(*_speakers(deed, question, speakers))
    TurnQuestion.objects.create(turn=into, question=question, position=into.places.count())
    deed.touch(question, floor=Floor.IN_TURN, next_rank=None)
    deed.touch_room()
    return deed.record("floor", question, before=before)


def close_turn(deed: Deed, *, gist: str = "", language: str = "", turn: int | None = None) -> Act | None:
    """What was on the floor is answered; the gist, when given, is that of every question of the turn.

    Raises Refused("turn_over") when it is not, or no longer, `turn` that is open.
    """
    deed.require("done")
    closed = open_now(deed, turn)
    if closed is None:
        return None
    questions = list(closed.questions.all())
    before = places_before(questions) | {"closed": closed.pk}
    speaker = closed.speakers.first()
    answers = [
        Answer.objects.create(
            question=question, turn=closed, gist=_gist(gist), language=_gist_language(gist, language),
            speaker=speaker, given_at=deed.at,
        )
        for question in questions
    ]  # fmt: skip
    for question in questions:
        deed.touch(question, floor=Floor.DONE, next_rank=None, closed_reason="", closed_note="")
        index_later(question.pk)
    _end(deed, closed)
    before["answers"] = [answer.pk for answer in answers]
    return deed.record("done", questions[0] if questions else None, before=before)


def interrupt_turn(deed: Deed, *, turn: int | None = None) -> Act | None:
    """Not finished: what was on the floor goes back to the head of what is next. `turn` as in `close_turn`."""
    deed.require("interrupt")
    closed = open_now(deed, turn)
    if closed is None:
        return None
    questions = list(closed.questions.all())
    before = places_before(questions) | {"closed": closed.pk}
    waiting = list(
        Question.objects.filter(webinar=deed.webinar, floor=Floor.NEXT).order_by("next_rank", "id")
    )
    for rank, question in enumerate([*questions, *waiting], start=1):
        deed.touch(question, floor=Floor.NEXT, next_rank=rank)
    closed.interrupted = True
    _end(deed, closed)
    return deed.record("interrupt", questions[0] if questions else None, before=before)


def set_down_next(deed: Deed) -> None:
    """At the end nothing is next any more. Each question keeps its rank, in case the host goes on after all."""
    for question in Question.objects.filter(webinar=deed.webinar, floor=Floor.NEXT):
        deed.touch(question, floor=_resting_floor(question))


def line_up_again(deed: Deed) -> None:
    """The host goes on after the end: what was next then is next again, in the same order."""
    ranked = Question.objects.published().filter(webinar=deed.webinar, next_rank__isnull=False)
    for question in ranked.filter(floor__in=(Floor.WAITING, Floor.DONE)):
        deed.touch(question, floor=Floor.NEXT)


def write_gist(deed: Deed, question: Question, *, gist: str, language: str) -> Act | None:
    """The gist of an answer, in one or two sentences; the last word stands, the act keeps the one before.

    What a speaker had confirmed nobody has confirmed any more, and readers see that it was changed since.
    """
    deed.require("gist")
    _must_be_published(question)
    if not gist.strip():
        raise Refused("empty")
    answer = last_given(question)
    if answer is None:
        answer = Answer(question=question, kind=AnswerKind.WRITTEN, given_at=deed.at)
    before = {"gist": answer.gist, "language": answer.language}
    words, language = _gist(gist), _gist_language(gist, language)
    if answer.pk and (words, language) == (answer.gist, answer.language):
        return None
    if answer.confirmed_at is not None:
        answer.confirmed_at, answer.changed_since_at = None, deed.at
    if answer.asker_says in (AskerSays.PARTLY, AskerSays.NOT):  # asked anew whether it answers now
        before["says"], answer.asker_says = answer.asker_says, ""
    answer.gist, answer.language = words, language
    answer.save()
    if question.floor == Floor.IN_TURN:
        deed.touch(question)
    else:  # whatever it was waiting for: it is answered now
        deed.touch(question, floor=Floor.DONE, next_rank=None, closed_reason="", closed_note="")
    index_later(question.pk)
    return deed.record("gist", question, before=before)


def promise_answer(deed: Deed, question: Question, *, owner: str, due: date | None = None) -> Act:
    """The answer will be sent later, by somebody, until a day."""
    deed.require("promise")
    _must_be_published(question)
    if not owner.strip():
        raise Refused("empty")
    Answer.objects.create(
        question=question, kind=AnswerKind.PROMISED, owner=one_line(owner)[:160], due=due, given_at=deed.at
    )
    deed.touch(question, closed_reason="", closed_note="")
    return deed.record("promise", question)


def last_given(question: Question) -> Answer | None:
    """The answer that counts: the last one that is no promise."""
    return question.answers.exclude(kind=AnswerKind.PROMISED).order_by("-id").first()


def open_now(deed: Deed, named: int | None = None) -> Turn | None:
    """The turn that is open. Who names one means that one: of two who press at once, one would close the next."""
    turn = Turn.objects.filter(webinar=deed.webinar, ended_at=None).first()
    if named is not None and (turn is None or turn.pk != named):
        raise Refused("turn_over")
    return turn


def _end(deed: Deed, turn: Turn) -> None:
    turn.ended_at = deed.at
    turn.save(update_fields=["ended_at", "interrupted"])
    deed.touch_room()


def _speakers(deed: Deed, question: Question, chosen: Iterable[int]) -> list[Participant]:
    found = list(Participant.objects.present().filter(webinar=deed.webinar, pk__in=list(chosen)))
    if found:
        return found
    if named := question.assigned_to or question.addressed_to:
        return [named]
    there = Participant.objects.present().with_role(Role.SPEAKER).filter(webinar=deed.webinar)
    alone = list(there.exclude(country="").filter(country=question.addressed_country)[:2])
    return alone if len(alone) == 1 else []


def _must_be_published(question: Question) -> None:
    if question.visibility != Visibility.PUBLISHED:
        raise Refused("changed")


def _resting_floor(question: Question) -> Floor:
    """Where a question rests when it is neither next nor on the floor."""
    answered = question.answers.exclude(kind=AnswerKind.PROMISED).exists()
    return Floor.DONE if answered else Floor.WAITING


def places_before(questions: Iterable[Question]) -> dict[str, Any]:
    return {"questions": {q.pk: {"floor": q.floor, "next_rank": q.next_rank} for q in questions}}


def _gist(text: str) -> str:
    return unturned(text).strip()[:MAX_GIST]


def _gist_language(gist: str, language: str) -> str:
    if not gist.strip():
        return ""
    if not valid(language):
        raise Refused("language_unknown")
    return language

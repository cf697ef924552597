"""At the end no published question is left open: each has an answer, a promise of one, or a reason why not."""

from collections.abc import Sequence
from datetime import date

from accounts.plain import one_line, unturned
from webinars.models import Act, Answer, AnswerKind, Closed, Participant, Question, Role, Visibility

from .deed import Deed, Refused


def promise_answers(
    deed: Deed, *, questions: Sequence[int], owner: str, due: date | None = None
) -> Act | None:
    """All these answers will come from one owner by one day. Those that are answered or promised are left alone.

    An owner who is called as a speaker is that speaker: the questions are theirs to answer.
    """
    deed.require("promise_all")
    owner = one_line(owner)[:160]
    if not owner:
        raise Refused("empty")
    waiting = _unanswered(deed, questions)
    who = _speaker_called(deed, owner)
    promised = []
    before = {}
    for question in waiting:
        before[question.pk] = {
            "closed_reason": question.closed_reason,
            "closed_note": question.closed_note,
            "assigned_to_id": question.assigned_to_id,
        }
        answer = Answer.objects.create(
            question=question, kind=AnswerKind.PROMISED, owner=owner, due=due, given_at=deed.at
        )
        promised.append(answer.pk)
        changes = {"assigned_to": who} if who else {}
        deed.touch(question, closed_reason="", closed_note="", **changes)
    if not waiting:
        return None
    return deed.record(
        "promise_all", waiting[0], note=owner, before={"questions": before, "promised": promised}
    )


def close_questions(deed: Deed, *, questions: Sequence[int], reason: str, note: str = "") -> Act | None:
    """These stay without an answer, and everybody reads why. Those that are answered or promised are left alone."""
    deed.require("close")
    if reason not in Closed.values:
        raise Refused("reason_needed")
    note = unturned(note).strip()[:500]
    waiting = [
        question
        for question in _unanswered(deed, questions)
        if (question.closed_reason, question.closed_note) != (reason, note)
    ]
    before = {}
    for question in waiting:
        before[question.pk] = {"closed_reason": question.closed_reason, "closed_note": question.closed_note}
        deed.touch(question, closed_reason=reason, closed_note=note)
    if not waiting:
        return None
    return deed.record("close", waiting[0], reason=reason, note=note, before={"questions": before})


def undo_promises(deed: Deed, act: Act) -> None:
    """Promises made by a slip are nobody's word. Its questions are put back by the undo itself."""
    made = act.before.get("promised", [])
    Answer.objects.filter(pk__in=made, question__webinar=deed.webinar, kind=AnswerKind.PROMISED).delete()


def _unanswered(deed: Deed, ids: Sequence[int]) -> list[Question]:
    """Of these, the published ones without an answer and without a promise. Raises Refused for an unknown id."""
    found = {
        one.pk: one
        for one in Question.objects.filter(webinar=deed.webinar, pk__in=ids).prefetch_related("answers")
    }
    if len(found) != len(set(ids)):
        raise Refused("not_found")
    if any(one.visibility != Visibility.PUBLISHED for one in found.values()):
        raise Refused("changed")
    return [found[pk] for pk in dict.fromkeys(ids) if not found[pk].answers.all()]


def _speaker_called(deed: Deed, name: str) -> Participant | None:
    """The one speaker of this name; None where it is nobody's, or that of two."""
    people = Participant.objects.present().with_role(Role.SPEAKER).filter(webinar=deed.webinar)
    called = [person for person in people if person.name.casefold() == name.casefold()]
    return called[0] if len(called) == 1 else None

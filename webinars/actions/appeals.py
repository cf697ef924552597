"""The asker of a declined question asks somebody else to look at it."""

from webinars.models import Act, Appeal, Outcome, Question, Visibility

from .deed import Deed, Refused
from .questions import clean, facts_of, require_own

_DECLINED_BY = ("decline", "asked_already")


def appeal_question(deed: Deed, question: Question, *, plea: str) -> None:
    """Once for a question. It waits in review again, for anybody but who declined it (actions/questions.py).

    Raises Refused: not_found (not theirs), changed (not declined), appealed (a second time), empty, too_long.
    """
    require_own(deed, question, "appeal")
    appeal = Appeal.objects.filter(question=question).first()
    if appeal is not None:
        if not appeal.outcome and appeal.text == clean(plea)[:500]:  # a retry after a lost line
            return
        raise Refused("appealed")
    if question.visibility != Visibility.DECLINED:
        raise Refused("changed")
    declined = (
        Act.objects.filter(question=question, verb__in=_DECLINED_BY, undone_by=None).order_by("-pk").first()
    )
    before = facts_of(question, "visibility", "reason", "reason_note", "into_id")
    Appeal.objects.create(
        question=question, text=clean(plea)[:500], at=deed.at, against=declined.by if declined else None,
        reason=question.reason, note=question.reason_note,
    )  # fmt: skip
    deed.touch(question, visibility=Visibility.SUBMITTED, reason="", reason_note="", into_id=None)
    deed.record("appeal", question, before=before)


def undo_appeals(deed: Deed, act: Act) -> None:
    """The part of an undo that is about appeals: what was decided on is open again."""
    decided = [*act.before.get("appeals", ()), *([act.before["appeal"]] if "appeal" in act.before else ())]
    open_again = Appeal.objects.filter(question__webinar=deed.webinar, pk__in=decided)
    open_again.exclude(outcome=Outcome.DROPPED).update(outcome="", decided_by=None, decided_at=None)

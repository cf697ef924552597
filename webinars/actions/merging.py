"""Several questions become one, and each its own again: whatever their languages, nobody is declined by it.

Their votes are counted together (actions/sets.py), and each asker sees into which question theirs went.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from webinars.models import Act, Floor, Question, Visibility
from webinars.models.events import TAKES_PART

from .deed import Deed, Refused
from .index import index_later
from .questions import decide, facts_of, may_decide, publish_question
from .sets import count_anew, merged_into, stir

_FACTS = ("visibility", "into_id", "floor", "next_rank")


def merge_questions(deed: Deed, *, into: int, questions: Sequence[int]) -> Act:
    """Merge `questions` into `into`, which is published first where it waits for review still.

    What is merged must be unanswered, not on the floor, and published or waiting for review; the question it goes into
    may be on the floor or answered: who asks what was answered a minute ago has the answer at once. What somebody
    decided on meanwhile, and the presser's own, is left as it is. One act, so that one undo takes all of it back.
    Raises Refused: changed (nothing of it stands so any more), on_floor, own_question, same_decider.
    """
    deed.require("merge")
    head = deed.question(into)
    if head.visibility == Visibility.MERGED and head.into_id:  # a screen that has not heard of it
        head = deed.question(head.into_id)
    parts: list[Act] = []
    if head.visibility == Visibility.SUBMITTED:
        published = publish_question(deed, head)
        assert published is not None
        parts.append(published)
    elif head.visibility != Visibility.PUBLISHED:
        raise Refused("changed")
    refused: list[str] = []
    joined: list[Question] = []
    for question in [deed.question(pk) for pk in dict.fromkeys(questions) if pk != head.pk]:
        try:
            parts += _join(deed, question, head)
        except Refused as refusal:
            refused.append(refusal.code)
        else:
            joined.append(question)
    if not joined:
        raise Refused(refused[0] if refused else "changed")
    stir(deed, head)
    before: dict[str, Any] = {"questions": {}, "parts": [act.pk for act in parts]}
    for act in parts:
        before["questions"] |= act.before["questions"]
    before["counted"] = [head.pk, *(question.pk for question in joined)]
    before["appeals"] = [act.before["appeal"] for act in parts if "appeal" in act.before]
    return deed.record("merge", head, note=str(len(joined)), before=before)


def _join(deed: Deed, question: Question, head: Question) -> list[Act]:
    """Into the head, with all that it stood for itself: a set is flat."""
    may_decide(deed, question, "merge")
    if question.floor in (Floor.IN_TURN, Floor.DONE) or question.answers.exists():
        raise Refused("on_floor")
    act = decide(deed, question, "merge", Visibility.MERGED, into_id=head.pk)
    if act is None:  # somebody merged it a moment ago
        raise Refused("changed")
    acts = [act]
    for other in question.asked_again.all():
        before = {"questions": {other.pk: facts_of(other, *_FACTS)}}
        deed.touch(other, into=head)
        acts.append(deed.record("merge_on", other, before=before))
    return acts


def unmerge_question(deed: Deed, question: Question) -> Act | None:
    """Take a set apart, named by its head, or one question out of it: each stands again as it stood before.

    None where nothing is merged. Votes were never moved; those cast since stay with the head.
    """
    deed.require("unmerge")
    if question.visibility == Visibility.MERGED:
        head, out = question.into, [question]
    else:
        head, out = question, merged_into(question)
    if head is None or not out:
        return None
    before = {"questions": {one.pk: facts_of(one, *_FACTS) for one in out}}
    for one in out:
        deed.touch(one, into=None, **_stood(deed, one))
        index_later(one.pk)
    count_anew(deed, [one.pk for one in out])
    stir(deed, head)
    facts = before | {"counted": [head.pk, *(one.pk for one in out)]}
    return deed.record("unmerge", head, note=str(len(out)), before=facts)


def _stood(deed: Deed, question: Question) -> dict[str, Any]:
    """How it stood before it was merged. Where nothing tells (somebody was erased) it goes to review.

    Where its asker was muted or removed since, it is out of sight as everything of theirs.
    """
    if question.participant.removed_at or question.participant.muted_at:
        return {"visibility": Visibility.HIDDEN, "floor": Floor.WAITING, "next_rank": None}
    for act in Act.objects.filter(question=question, verb="merge").order_by("-pk"):
        facts = act.before.get("questions", {}).get(str(question.pk))
        if facts and facts["visibility"] != Visibility.MERGED:
            if facts["floor"] == Floor.NEXT and deed.webinar.state in TAKES_PART:
                return {name: facts[name] for name in ("visibility", "floor", "next_rank")}
            return {"visibility": facts["visibility"], "floor": Floor.WAITING, "next_rank": None}
    return {"visibility": Visibility.SUBMITTED, "floor": Floor.WAITING, "next_rank": None}


def undo_sets(deed: Deed, act: Act) -> None:
    """The part of an undo that is about sets: whoever left or came is counted. After the questions were put back.

    Raises Refused("too_late") where a question would be merged into one that stands for nothing any more.
    """
    counted: Iterable[int] = act.before.get("counted", ())
    questions = Question.objects.filter(webinar=deed.webinar).in_bulk(list(counted))
    for question in questions.values():
        head = question.into
        if question.visibility == Visibility.MERGED and (head is None or head.visibility not in _STANDS):
            raise Refused("too_late")
    count_anew(deed, questions)
    for question in questions.values():
        if question.visibility != Visibility.MERGED:
            deed.touch(question)
            index_later(question.pk)


_STANDS = (Visibility.PUBLISHED, Visibility.HIDDEN)

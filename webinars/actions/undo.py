"""Taking a decision back within ten seconds."""

from datetime import timedelta
from typing import Any

from webinars.models import Act, Answer, Question, Turn, TurnQuestion, Visibility

from .appeals import undo_appeals
from .conduct import undo_conduct
from .deed import Deed, Refused
from .index import index_later
from .merging import undo_sets
from .notes import undo_note
from .opinions import undo_opinions
from .polls import undo_poll
from .room import undo_notice, undo_slow
from .settling import undo_promises
from .troubles import undo_troubles

# Ten seconds on the page, and as many again for a poor line between the press and the server.
_FIELDS = {field.attname: field for field in Question._meta.concrete_fields}
WINDOW = timedelta(seconds=20)
# What an act may have changed; one that holds none of these cannot be taken back.
_UNDOABLE = frozenset(
    {"questions", "opinions", "troubles", "sent", "taken_off", "noted", "person", "slow", "poll"}
)


def is_undoable(act: Act) -> bool:
    """Does the act keep what an undo needs?"""
    return not _UNDOABLE.isdisjoint(act.before)


def undo_act(deed: Deed, act_id: int) -> int:
    """Put back what an act changed, if nothing happened to its questions since; how many of them had to stay.

    Of a decision on many each is taken back by itself: one that moved on does not hold the others.
    Raises Refused: not_found (not theirs, unknown), too_late (time passed, changed since, undone already).
    """
    person = deed.require("undo")
    act = Act.objects.filter(pk=act_id, webinar=deed.webinar, by=person).first()
    if act is None or not is_undoable(act):
        raise Refused("not_found")
    if act.undone_by_id or deed.at - act.at > WINDOW:
        raise Refused("too_late")
    stayed = 0
    if "person" in act.before:
        undo_conduct(deed, act)
    else:
        stayed = _undo_questions(deed, act)
    undo_slow(deed, act)
    undo_opinions(deed, act)
    undo_sets(deed, act)
    undo_appeals(deed, act)
    undo_troubles(deed, act)
    undo_notice(deed, act)
    undo_note(deed, act)
    undo_promises(deed, act)
    undo_poll(deed, act)
    deed.touch_room()
    deed.undone(act)
    return stayed


def _undo_questions(deed: Deed, act: Act) -> int:
    facts_of = {int(pk): facts for pk, facts in act.before.get("questions", {}).items()}
    questions = Question.objects.filter(webinar=deed.webinar).in_bulk(list(facts_of))
    stayed = 0
    if act.before.get("each"):
        since = Act.objects.filter(question__in=facts_of, seq=act.seq, pk__gt=act.pk)
        moved = {pk for pk, one in questions.items() if one.seq != act.seq} | set(
            since.values_list("question", flat=True)
        )
        stayed = len(moved)
        facts_of = {pk: facts for pk, facts in facts_of.items() if pk not in moved}
        questions = {pk: one for pk, one in questions.items() if pk not in moved}
        if not facts_of:
            raise Refused("too_late")
    if len(questions) != len(facts_of) or any(one.seq != act.seq for one in questions.values()):
        raise Refused("too_late")
    # Deeds of one batch share a seq; what came after this one in it came after it.
    if Act.objects.filter(question__in=facts_of, seq=act.seq, pk__gt=act.pk).exists():
        raise Refused("too_late")
    _undo_turn(deed, act.before)
    for pk, facts in facts_of.items():
        # first_public_seq and published_at stay: everybody may have seen it, so that it must be named as gone.
        deed.touch(questions[pk], **_typed(facts))
        index_later(pk)  # answers that were taken back are in no column of the question
        for same in questions[pk].asked_again.exclude(pk__in=facts_of).exclude(visibility=Visibility.MERGED):
            deed.touch(same)
    return stayed


def _undo_turn(deed: Deed, before: dict[str, Any]) -> None:
    if opened := before.get("opened"):
        if TurnQuestion.objects.filter(turn=opened).exclude(question__in=list(before["questions"])).exists():
            raise Refused("too_late")  # another question joined it: it would be on a floor that is not there
        Turn.objects.filter(pk=opened, webinar=deed.webinar).delete()
    if added_to := before.get("added_to"):
        TurnQuestion.objects.filter(turn=added_to, question__in=list(before["questions"])).delete()
    if closed := before.get("closed"):
        if Turn.objects.filter(webinar=deed.webinar, ended_at=None).exists():
            raise Refused("too_late")
        Answer.objects.filter(pk__in=before.get("answers", [])).delete()
        Turn.objects.filter(pk=closed, webinar=deed.webinar).update(ended_at=None, interrupted=False)


def _typed(facts: dict[str, Any]) -> dict[str, Any]:
    """JSON kept the instant as text; the model's own field reads it back."""
    return {name: _FIELDS[name].to_python(value) for name, value in facts.items()}

"""Taking a decision back within ten seconds."""

from datetime import timedelta
from typing import Any

from webinars.models import Act, Answer, Question, Turn, TurnQuestion

from .deed import Deed, Refused
from .index import index_later
from .notes import undo_note
from .opinions import undo_opinions
from .room import undo_notice
from .settling import undo_promises
from .troubles import undo_troubles

# Ten seconds on the page, and as many again for a poor line between the press and the server.
_FIELDS = {field.attname: field for field in Question._meta.concrete_fields}
WINDOW = timedelta(seconds=20)
# What an act may have changed; one that holds none of these cannot be taken back.
_UNDOABLE = frozenset({"questions", "opinions", "troubles", "sent", "taken_off", "noted"})


def is_undoable(act: Act) -> bool:
    """Does the act keep what an undo needs?"""
    return not _UNDOABLE.isdisjoint(act.before)


def undo_act(deed: Deed, act_id: int) -> None:
    """Put back what an act changed, if nothing happened to its questions since.

    Raises Refused: not_found (not theirs, unknown), too_late (time passed, changed since, undone already).
    """
    person = deed.require("undo")
    act = Act.objects.filter(pk=act_id, webinar=deed.webinar, by=person).first()
    if act is None or not is_undoable(act):
        raise Refused("not_found")
    if act.undone_by_id or deed.at - act.at > WINDOW:
        raise Refused("too_late")
    _undo_questions(deed, act)
    undo_opinions(deed, act)
    undo_troubles(deed, act)
    undo_notice(deed, act)
    undo_note(deed, act)
    undo_promises(deed, act)
    deed.touch_room()
    for part in [*Act.objects.filter(pk__in=act.before.get("parts", ())), act]:
        part.undone_by = deed.record("undo", part.question)
        part.save(update_fields=["undone_by"])


def _undo_questions(deed: Deed, act: Act) -> None:
    facts_of = {int(pk): facts for pk, facts in act.before.get("questions", {}).items()}
    questions = Question.objects.filter(webinar=deed.webinar).in_bulk(list(facts_of))
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
        for same in questions[pk].asked_again.exclude(pk__in=facts_of):
            deed.touch(same)


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

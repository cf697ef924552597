"""One decision on many questions at once: with one reason, as one deed that one undo takes back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from webinars.models import Act, Question

from .deed import Deed, Refused
from .questions import decline_question, hide_question, publish_question, return_question

DECISIONS: Final[Mapping[str, Callable[..., Act | None]]] = {
    "publish": publish_question,
    "return": return_question,
    "decline": decline_question,
    "hide": hide_question,
}
_WITH_REASON = frozenset(DECISIONS) - {"publish"}


class Stand(NamedTuple):
    """A question as it stood on the screen of whoever chose it; `was` "" and `seen` None where nobody says."""

    question: int
    was: str = ""
    seen: int | None = None


def decide_several(
    deed: Deed, *, questions: Sequence[Stand], verb: str, reason: str = "", note: str = ""
) -> tuple[Act | None, dict[int, str]]:
    """Publish, return, decline or hide each of them; what was refused, with the code why, stays as it is.

    The act is None when all of them stood so already. Raises Refused with the one reason why none could be done.
    """
    deed.require("bulk")
    deed.require(verb)
    stands = list({stand.question: stand for stand in questions}.values())
    here = Question.objects.filter(webinar=deed.webinar).select_related("participant")
    found = here.in_bulk([stand.question for stand in stands])
    parts: list[Act] = []
    refused: dict[int, str] = {}
    for stand in stands:
        try:
            act = _one(deed, found.get(stand.question), stand, verb, reason, note)
        except Refused as refusal:
            refused[stand.question] = refusal.code
        else:
            parts += [act] if act is not None else []
    if not parts:
        if len(refused) == len(stands):
            raise Refused(next(iter(refused.values())) if len(set(refused.values())) == 1 else "changed")
        return None, refused
    before: dict[str, Any] = {"questions": {}, "parts": [act.pk for act in parts], "each": True}
    for act in parts:
        before["questions"] |= act.before["questions"]
    return deed.record("bulk", reason=reason, note=f"{verb} {len(parts)}", before=before), refused


def _one(
    deed: Deed, question: Question | None, stand: Stand, verb: str, reason: str, note: str
) -> Act | None:
    if question is None:
        raise Refused("not_found")
    why = {"reason": reason, "note": note} if verb in _WITH_REASON else {}
    return DECISIONS[verb](deed, question, was=stand.was, seen=stand.seen, **why)

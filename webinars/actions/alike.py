"""Questions that ask the same: one is published, the others are declined as asked already, pointing at it.

Merging, where their askers and votes come together in one question, is another thing: there nobody is declined.
"""

from collections.abc import Sequence
from typing import Any

from webinars.models import Act, Question, Reason, Visibility

from .deed import Deed, Refused
from .questions import decide, publish_question


def decline_as_asked(deed: Deed, *, into: int, questions: Sequence[int]) -> Act:
    """Publish `into` where that waits for review still, and decline `questions` as asked already in it.

    What somebody decided on meanwhile, and the presser's own, is left as it is. One act, so that one undo takes all
    of it back. Raises Refused: changed (nothing of it waits any more, or `into` is neither waiting nor published).
    """
    deed.require("asked_already")
    asked = deed.question(into)
    others = [deed.question(pk) for pk in dict.fromkeys(questions) if pk != into]
    parts: list[Act] = []
    if asked.visibility == Visibility.SUBMITTED:
        published = publish_question(deed, asked)
        assert published is not None
        parts.append(published)
    elif asked.visibility != Visibility.PUBLISHED:
        raise Refused("changed")
    refused: list[str] = []
    declined = 0
    for question in others:
        try:
            act = _decline(deed, question, asked)
        except Refused as refusal:
            refused.append(refusal.code)
        else:
            declined += 1
            parts.append(act)
    if not declined:
        raise Refused(refused[0] if refused else "changed")
    before: dict[str, Any] = {"questions": {}, "parts": [act.pk for act in parts]}
    for act in parts:
        before["questions"] |= act.before["questions"]
    return deed.record("asked_already", asked, reason=Reason.ASKED, note=str(declined), before=before)


def _decline(deed: Deed, question: Question, asked: Question) -> Act:
    act = decide(deed, question, "asked_already", Visibility.DECLINED, reason=Reason.ASKED, into_id=asked.pk)
    if act is None:  # declined by somebody else, for whatever reason: theirs stands
        raise Refused("changed")
    return act

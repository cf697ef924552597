"""What a room has beside its questions: an ordered list of things, told thing by thing.

A part says how it is read; ticks, windows, snapshots, replay and the page's reducer are the same for all of them.
On the wire a part is {"order": [ids], "items": [{"id": …, …}]}, each only where it moved, and whole in a snapshot.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """One poll, one opinion, … as each audience reads it; an audience without a view does not learn of it.

    `by` is whose it is, and `own` what they alone read of it: when that moves, all their windows are told.
    """

    id: int
    views: Mapping[str, Json]
    by: int | None = None
    own: Json | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """How a part is read. `own`: (webinar, participant) → what is for that person alone, whole.

    `with_questions`: it is read anew when a question moved, too.
    """

    read: Callable[[int], Sequence[Thing]]
    own: Callable[[int, int], Json] | None = None
    with_questions: bool = False


def seen_by(audience: str, things: Sequence[Thing]) -> dict[int, Json]:
    """What this audience reads of a part, in order."""
    return {thing.id: thing.views[audience] for thing in things if audience in thing.views}


def owners_to_tell(before: Sequence[Thing], now: Sequence[Thing]) -> set[int]:
    """Whose own things came, went or read otherwise than before."""
    old, new = ({thing.id: (thing.by, thing.own) for thing in things} for things in (before, now))
    moved = [pk for pk in old.keys() | new.keys() if old.get(pk) != new.get(pk)]
    return {who for pk in moved for who, _ in (old.get(pk, (None, None)), new.get(pk, (None, None))) if who}


def moved(before: Mapping[int, Json], now: Mapping[int, Json], *, whole: bool) -> Json:
    """What a frame says of a part that looked like `before`; {} where nothing moved."""
    told: Json = {}
    if whole or list(before) != list(now):
        told["order"] = list(now)
    if items := [item for pk, item in now.items() if whole or before.get(pk) != item]:
        told["items"] = items
    return told

"""What is asked twice: groups among the questions that wait for review, and published ones that ask the same.

For the desk alone. It never orders anything: review stays oldest first, a row merely says how many ask what it asks.
Found in a thread of its own and sent apart from the frames: a language's dictionary is opened with its first word,
which takes a second, and no frame waits for that.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.search.likeness import Group, Likeness

from .changes import Room, window_of
from .part import Json

Texts = Mapping[int, tuple[str, str, bool]]  # question → words, language, does it wait for review


class Alikes:
    """What one room's desk is shown. Used by one thread at a time."""

    def __init__(self) -> None:
        self._likeness = Likeness()

    def update(self, texts: Texts) -> list[Json]:
        """Take in what changed since the last time and give the groups, the longest waiting first."""
        for gone in self._likeness.ids() - texts.keys():
            self._likeness.drop(gone)
        for pk, (text, language, _) in texts.items():
            self._likeness.put(pk, text, language)
        return list(_shown(self._likeness.groups(), texts))


def texts_of(room: Room) -> dict[int, tuple[str, str, bool]]:
    """What is compared: all that waits, and the published questions the desk has before it."""
    lists = room.lists()
    floor = (room.header.get("floor") or {}).get("questions", [])
    published = {*lists.order[: window_of("desk")], *lists.lined_up, *floor}
    rows = ((room.rows[pk], pk in published) for pk in {*lists.review, *published} if pk in room.rows)
    return {row.id: (row.desk["text"], row.desk["lang"], not is_public) for row, is_public in rows}


def groups_in(snapshot: Json) -> list[Json]:
    """The same from a desk's snapshot, for pages and the HTTP twin."""
    waiting, aside = set(snapshot["review"]), set(snapshot["aside"])
    texts = {
        row["id"]: (row["text"], row["lang"], row["id"] in waiting)
        for row in snapshot.get("questions", ())
        if row["id"] not in aside
    }
    return Alikes().update(texts)


def _shown(groups: Iterable[Group], texts: Texts) -> Iterable[dict[str, Any]]:
    for group in groups:
        waiting = [pk for pk in group.ids if texts[pk][2]]
        published = [pk for pk in group.ids if not texts[pk][2]]
        if waiting and len(group.ids) > 1:
            yield {"questions": waiting, "published": published, "words": list(group.words)}

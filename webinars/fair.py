"""The fair order of questions: by votes, but a delegation counts less each time, and who was not heard comes first.

The rule, as the page says it: first one question of every delegation that has had no answer, its most wanted; then all
others by votes, where a delegation's second question counts half, its third a third, and so on, answered ones counted
in. Answered questions close the list. A delegation is a country; where all come from one country, an organisation.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Final, NamedTuple

from webinars.models import Floor, NameShown, Question, Webinar

_EARLY: Final = datetime(1970, 1, 1, tzinfo=UTC)  # imports may not know when
ROOMS: Final = 32  # orders kept in memory, the newest of each room


class Standing(NamedTuple):
    """What the order of a question rests on."""

    id: int
    votes: int
    published_at: datetime
    delegation: str
    is_heard: bool  # answered, or being answered


class Fair(NamedTuple):
    """Every published question of a webinar in fair order, and whether a delegation is a "country" here."""

    order: list[int]
    by: str


def fair_order(standings: Iterable[Standing]) -> list[int]:
    """The ids of all of them, each once. The same for any order of what comes in; ties go to the older, then the id."""
    ranked = sorted(standings, key=lambda one: (-one.votes, one.published_at, one.id))
    times = Counter(one.delegation for one in ranked if one.is_heard)
    placed = []
    for one in ranked:
        if one.is_heard:
            continue
        times[one.delegation] += 1
        nth = times[one.delegation]
        # A question without votes is worth something, too: its asker wants to know.
        placed.append((nth > 1, -(one.votes + 1) / nth, one.published_at, one.id))
    return [*(key[-1] for key in sorted(placed)), *(one.id for one in ranked if one.is_heard)]


_kept: dict[int, tuple[tuple[int, int, datetime], Fair]] = {}
_lock = Lock()


def fair_in(webinar: Webinar) -> Fair:
    """The fair order of a room, made once for each state of it: at 10,000 questions that takes some 60 ms."""
    stand = (webinar.seq, webinar.epoch, webinar.created_at)
    with _lock:
        kept = _kept.get(webinar.pk)
    if kept is not None and kept[0] == stand:
        return kept[1]
    fair = _read(webinar)
    with _lock:
        _kept.pop(webinar.pk, None)
        _kept[webinar.pk] = (stand, fair)
        while len(_kept) > ROOMS:
            del _kept[next(iter(_kept))]
    return fair


def _read(webinar: Webinar) -> Fair:
    published = Question.objects.filter(webinar=webinar).published().order_by()
    rows = list(
        published.values_list(
            "pk", "votes", "published_at", "floor", "name_shown", "came_by", "on_behalf_of", "participant_id",
            "participant__country", "participant__organisation",
        )
    )  # fmt: skip
    by = (
        "country"
        if len({row[8] for row in rows if row[8] and not (row[5] or row[6])}) > 1
        else "organisation"
    )
    heard = (Floor.IN_TURN, Floor.DONE)
    return Fair(
        fair_order(Standing(r[0], r[1], r[2] or _EARLY, _delegation(by, r[4:]), r[3] in heard) for r in rows),
        by,
    )


def _delegation(by: str, facts: Sequence[str | int]) -> str:
    """Only what everybody may read of the asker: a place in the list must not tell whose question it is.

    Those who hide their name are one delegation together where it is their organisation that counts.
    """
    name_shown, came_by, on_behalf_of, person, country, organisation = facts
    is_named = name_shown == NameShown.ALL
    if came_by or on_behalf_of:
        return f"for {str(on_behalf_of).casefold()}" if is_named else "unnamed"
    if by == "country" and country:
        return f"country {country}"
    if not is_named:
        return "unnamed"
    return f"organisation {str(organisation).casefold()}" if organisation else f"person {person}"

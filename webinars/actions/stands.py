"""Taking a stand: agree, disagree, skip, or none any more. As hot as voting, so it takes many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from webinars import policies
from webinars.models import OpinionState, Participant, Side, Stand
from webinars.models.hot import marks

from .deed import Deed

Key = tuple[int, int]  # participant, opinion


@dataclass(frozen=True, slots=True)
class Stance:
    """Where one person stands to one opinion: absolute, so that a retry changes nothing. "" takes it back."""

    person: Participant
    opinion: int
    side: str


def take_stands(deed: Deed, stances: Sequence[Stance]) -> list[str]:
    """Take stands in one webinar; for each "" when it holds, else the code of its refusal.

    Four statements whatever the number: which opinions are published, who stood where, the upsert, the counts.
    The webinar's row is locked by its seq, so nobody else moves a count in between. Stands write no Act.
    """
    published = _published(deed, {stance.opinion for stance in stances})
    outcomes: list[str] = []
    wanted: dict[Key, str] = {}
    for stance in stances:
        refusal = policies.refusal(stance.person, "stand", deed.webinar)
        if not refusal and stance.opinion not in published:
            refusal = "opinion_gone"
        outcomes.append(refusal)
        if not refusal:
            wanted[stance.person.pk, stance.opinion] = stance.side  # the last one in the batch holds
    _settle(deed, wanted)
    return outcomes


def lift_stands(deed: Deed, person: Participant) -> dict[int, str]:
    """Whoever is removed counts nowhere: {opinion: side} as they stood. The rows stay."""
    theirs = Stand.objects.filter(participant=person, opinion__webinar=deed.webinar).exclude(side="")
    stood = dict(theirs.values_list("opinion", "side"))
    _settle(deed, {(person.pk, opinion): "" for opinion in stood})
    return stood


def put_stands_back(deed: Deed, person: int, stands: Mapping[str, str]) -> None:
    """As `lift_stands` found them."""
    _settle(deed, {(person, int(opinion)): side for opinion, side in stands.items()})


def _settle(deed: Deed, wanted: dict[Key, str]) -> None:
    stood = _stood(wanted)
    changed = {key: side for key, side in wanted.items() if side != stood.get(key, "")}
    if changed:
        _upsert(deed.at, changed)
        _add_up(
            (opinion, stood.get((person, opinion), ""), side) for (person, opinion), side in changed.items()
        )
        deed.touch_part("opinions")
    for person, _ in wanted:
        deed.stir(person, "opinions")


def _published(deed: Deed, opinions: set[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM webinars_opinion"  # noqa: S608 (only marks)
            f" WHERE webinar_id = %s AND visibility = %s AND id IN ({marks(opinions)})",
            [deed.webinar.pk, OpinionState.PUBLISHED, *opinions],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _stood(wanted: Iterable[Key]) -> dict[Key, str]:
    """How these stood before."""
    keys = list(wanted)
    if not keys:
        return {}
    pairs = ",".join(["(%s,%s)"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT participant_id, opinion_id, side FROM webinars_stand"  # noqa: S608 (only marks)
            f" WHERE (participant_id, opinion_id) IN (VALUES {pairs})",
            [value for key in keys for value in key],
        )
        return {(person, opinion): side for person, opinion, side in cursor.fetchall()}


def _upsert(at: datetime, changed: dict[Key, str]) -> None:
    rows = ",".join(["(%s,%s,%s,%s)"] * len(changed))
    values: list[int | str | datetime] = []
    for (person, opinion), side in changed.items():
        values += (person, opinion, side, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webinars_stand (participant_id, opinion_id, side, at)"  # noqa: S608 (only marks)
            f" VALUES {rows}"
            " ON CONFLICT (participant_id, opinion_id) DO UPDATE SET side = excluded.side, at = excluded.at",
            values,
        )


def _add_up(moves: Iterable[tuple[int, str, str]]) -> None:
    """Move the counts by what really changed: (opinion, from, to)."""
    sides = list(Side)
    steps: dict[int, list[int]] = {}
    for opinion, old, new in moves:
        step = steps.setdefault(opinion, [0] * len(sides))
        for side, by in ((old, -1), (new, 1)):
            if side:
                step[sides.index(Side(side))] += by
    counts = ", ".join(f"{side} = {side} + %s" for side in sides)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE webinars_opinion SET {counts} WHERE id = %s",  # noqa: S608 (only names of columns)
            [(*step, opinion) for opinion, step in sorted(steps.items())],
        )

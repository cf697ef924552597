"""The few statements that run for every batch and every tick, written by hand.

Compiling such a query costs the ORM ten times what SQLite needs to answer it (0.4 ms against 0.04). The rows are real
model instances whose other columns are deferred.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from .events import PARTS, Webinar, is_open_hall
from .people import Participant

CHUNK = 500  # values in one IN
_BOOLEANS = {"questions_open", "voting_open", "reactions_open", "queue_open", "speakers_see_pending"}


def _in_order(model: type[Model], *names: str) -> tuple[str, ...]:
    """Columns in the order of the model's own: `from_db` takes values by place."""
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in names)


_WEBINAR = _in_order(
    Webinar, "id", "seq", "room_seq", "epoch", "state", "publishes_at_once", "agenda_now_id", "slow_minutes",
    "rehearsal_of_id", *_BOOLEANS,
)  # fmt: skip
_PERSON = _in_order(
    Participant, "id", "webinar_id", "user_id", "roles", "country", "people_here", "muted_at", "removed_at",
    "invited_at", "registered_at", "seq",
)  # fmt: skip


def bump(webinar_ids: Iterable[int]) -> dict[int, Webinar]:
    """Move the seq of these webinars by one and read them, in id order: two processes cannot deadlock on PostgreSQL."""
    columns = ", ".join(_WEBINAR)
    found: dict[int, Webinar] = {}
    with connection.cursor() as cursor:
        for pk in sorted(set(webinar_ids)):
            cursor.execute(
                f"UPDATE webinars_webinar SET seq = seq + 1 WHERE id = %s RETURNING {columns}",  # noqa: S608
                [pk],
            )
            for row in cursor.fetchall():
                values = [bool(v) if name in _BOOLEANS else v for name, v in zip(_WEBINAR, row)]
                found[pk] = Webinar.from_db(connection.alias, _WEBINAR, values)
    return found


_STAND = (
    "SELECT seq, room_seq, epoch, speakers_see_pending, state, entry, "  # noqa: S608 (only names of columns)
    + ", ".join(f"{part}_seq" for part in PARTS)
    + " FROM webinars_webinar WHERE id = %s"
)


class Stand(NamedTuple):
    """Where a webinar stands."""

    seq: int
    room_seq: int
    epoch: int
    speakers_see_pending: bool
    is_open_hall: bool
    parts: dict[str, int]  # part → the seq at which it moved last


def stand_of(webinar_id: int) -> Stand | None:
    row = next(_rows(_STAND, [webinar_id]), None)
    if row is None:
        return None
    seq, room_seq, epoch, pending, state, entry, *parts = row
    return Stand(seq, room_seq, epoch, bool(pending), is_open_hall(state, entry), dict(zip(PARTS, parts)))


def moved_questions(webinar_id: int, since: int) -> list[int]:
    """Ids of questions whose row moved after `since`."""
    sql = "SELECT id FROM webinars_question WHERE webinar_id = %s AND seq > %s"
    return [row[0] for row in _rows(sql, [webinar_id, since])]


def moved_votes(webinar_id: int, since: int) -> list[tuple[int, int]]:
    """(question, votes) of those whose count moved after `since`."""
    sql = "SELECT id, votes FROM webinars_question WHERE webinar_id = %s AND votes_seq > %s"
    return [(row[0], row[1]) for row in _rows(sql, [webinar_id, since])]


def moved_people(webinar_id: int, since: int) -> dict[int, int]:
    """Participant → the seq at which their rights moved, of those where that was after `since`."""
    sql = "SELECT id, seq FROM webinars_participant WHERE webinar_id = %s AND seq > %s"
    return {row[0]: row[1] for row in _rows(sql, [webinar_id, since])}


def votes_of(participant_id: int) -> list[int]:
    """Ids of the questions a person wants to know too."""
    sql = "SELECT question_id FROM webinars_vote WHERE participant_id = %s AND is_on"
    return [row[0] for row in _rows(sql, [participant_id])]


def people(ids: Collection[int]) -> dict[int, Participant]:
    """These people as they are now, without the removed and those whose account is closed."""
    columns = ", ".join(f"p.{name}" for name in _PERSON)
    found: dict[int, Participant] = {}
    for chunk in chunks(ids):
        sql = (
            f"SELECT {columns} FROM webinars_participant p"  # noqa: S608
            " LEFT JOIN accounts_user u ON u.id = p.user_id"
            f" WHERE p.id IN ({marks(chunk)}) AND p.removed_at IS NULL AND (p.user_id IS NULL OR u.is_active)"
        )
        for row in _rows(sql, chunk):
            values = [json.loads(v) if name == "roles" else v for name, v in zip(_PERSON, row)]
            person = Participant.from_db(connection.alias, _PERSON, values)
            found[person.pk] = person
    return found


def chunks(things: Collection[Any]) -> Iterator[list[Any]]:
    rest = list(things)
    for i in range(0, len(rest), CHUNK):
        yield rest[i : i + CHUNK]


def marks(values: Collection[Any]) -> str:
    """As many placeholders as there are values."""
    return ",".join(["%s"] * len(values))


def _rows(sql: str, values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        yield from cursor.fetchall()

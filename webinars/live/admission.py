"""Who stands behind a session: the participant it holds in a webinar, read anew for every batch of commands."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.utils import timezone

from webinars import policies
from webinars.models import Participant, Webinar, hot

# In the session: {"<webinar id>": participant id}. The same place for guests and people who signed in.
SEATS = "participants"
_store: Any = import_module(settings.SESSION_ENGINE).SessionStore()


@dataclass(frozen=True, slots=True)
class Admitted:
    """A person at the door of a room."""

    person: Participant
    session: str
    votes: list[int]
    read_at: float  # on the monotonic clock, before anything was read


def admit(session_key: str, webinar_id: int) -> Admitted | None:
    """The participant this session is in this webinar; None: no session, not a participant, removed, inactive.

    Three or four queries: session, (user's participant,) participant, votes.
    """
    read_at = time.monotonic()
    session = _session(session_key)
    held = session.get(SEATS, {}).get(str(webinar_id))
    user = session.get(SESSION_KEY)
    if user is not None:
        own = Participant.objects.present().filter(webinar=webinar_id, user=user)
        held = own.values_list("pk", flat=True).first() or held
    person = hot.people([held]).get(held) if held is not None else None
    if person is None or person.webinar_id != webinar_id:
        return None
    return Admitted(person, session_key, hot.votes_of(person.pk), read_at)


def admit_projector(session_key: str, webinar_id: int) -> tuple[int, str] | None:
    """Whose right a projector stands on: (participant, session), (0, "") where anybody may; None: it may not.

    One query where everybody may look on, so that a wall in a hall needs no seat.
    """
    webinar = Webinar.objects.filter(pk=webinar_id).first()
    if webinar is None:
        return None
    if webinar.is_open_hall:
        return 0, ""
    admitted = admit(session_key, webinar_id) if session_key else None
    if admitted is None or not policies.can(admitted.person, "projector", webinar):
        return None
    return admitted.person.pk, session_key


def _session(key: str) -> dict[str, Any]:
    """What a living session holds; {} for one that ended, never was, or was tampered with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
            [key, connection.ops.adapt_datetimefield_value(timezone.now())],
        )
        row = cursor.fetchone()
    return _store.decode(row[0]) if row else {}


def standing(sessions: Collection[str], people: Collection[int]) -> tuple[set[str], dict[int, Participant]]:
    """Which of these sessions live, and these people as they are now, without the removed and the inactive."""
    alive: set[str] = set()
    with connection.cursor() as cursor:
        for keys in hot.chunks(sessions):
            cursor.execute(
                "SELECT session_key FROM django_session"  # noqa: S608 (only marks)
                f" WHERE session_key IN ({hot.marks(keys)}) AND expire_date > %s",
                [*keys, connection.ops.adapt_datetimefield_value(timezone.now())],
            )
            alive.update(row[0] for row in cursor.fetchall())
    return alive, hot.people(people)

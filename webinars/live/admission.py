"""Who stands behind a session: the participant it holds in a webinar, read anew for every batch of commands."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from webinars.models import Participant, Vote

# In the session: {"<webinar id>": participant id}. The same place for guests and people who signed in.
SEATS = "participants"
CHUNK = 500  # ids in one IN


@dataclass(frozen=True, slots=True)
class Admitted:
    """A person at the door of a room."""

    person: Participant
    session: str
    votes: list[int]


def admit(session_key: str, webinar_id: int) -> Admitted | None:
    """The participant this session is in this webinar, or None: no session, not a participant, removed, inactive.

    Three queries: session, participant with user, votes.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    session: Any = store(session_key=session_key)
    held = session.get(SEATS, {}).get(str(webinar_id))
    user = session.get(SESSION_KEY)
    people = Participant.objects.present().filter(webinar=webinar_id).select_related("user")
    person = None
    if user is not None:
        person = people.filter(user=user).first()
    if person is None and held is not None:
        person = people.filter(pk=held).first()
    if person is None or (person.user and not person.user.is_active):
        return None
    votes = Vote.objects.filter(participant=person, is_on=True, question__webinar=webinar_id)
    return Admitted(person, session_key, list(votes.values_list("question", flat=True)))


def standing(sessions: Collection[str], people: Collection[int]) -> tuple[set[str], dict[int, Participant]]:
    """Which of these sessions live, and these people's rows as they are now, without the removed and the inactive."""
    alive: set[str] = set()
    for keys in _chunks(sessions):
        found = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        alive.update(found.values_list("session_key", flat=True))
    rows: dict[int, Participant] = {}
    for ids in _chunks(people):
        for person in Participant.objects.present().filter(pk__in=ids).exclude(user__is_active=False):
            rows[person.pk] = person
    return alive, rows


def _chunks(things: Collection[Any]) -> list[list[Any]]:
    rest = list(things)
    return [rest[i : i + CHUNK] for i in range(0, len(rest), CHUNK)]

"""How people come into a webinar, and what a host may do about them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone

from accounts.languages import valid
from accounts.models import User
from accounts.names import Names
from accounts.plain import one_line
from accounts.writing import writing
from webinars.models import Attendance, Entry, Participant, Question, Role, Way, Webinar
from webinars.models.events import WITH_ROOM
from webinars.models.people import new_nonce

from .deed import Deed, Refused, deed
from .letters import REGISTERED, letter_later

P = ParamSpec("P")
R = TypeVar("R")

CONSENT_VERSION = 1
MAX_PEOPLE_HERE = 500
_FIELDS = {field.name: field for field in Participant._meta.fields}


def _twice_is_once(action: Callable[P, R]) -> Callable[P, R]:
    """Two requests of one person at once: the one that comes second finds what the first has made."""

    @wraps(action)
    def do(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except IntegrityError:
            return action(*args, **kwargs)

    return do


@_twice_is_once
def enter_webinar(
    webinar: Webinar, *, person: Participant | None = None, user: User | None = None, **details: Any
) -> Participant:
    """Enter the room, as the participant this browser is already, or as a new one. Raises Refused("closed").

    `details`: name, organisation, country, place, zone, reads, way, people_here, email; what is not given stays.
    """
    if not webinar.has_room:
        raise Refused("closed")
    with writing():
        person = _found(webinar, person, user)
        if person is None:
            if webinar.entry == Entry.INVITED or (webinar.entry == Entry.REGISTERED and user is None):
                raise Refused("not_invited")
            person = Participant(webinar=webinar, user=user, **_of_user(user))
        if person.removed_at:
            raise Refused("removed")
        before = _shown(person) if person.pk else None
        _take(person, details)
        person.joined_at = person.joined_at or timezone.now()
        person.consent_version = CONSENT_VERSION
        person.save()
    if before and before != _shown(person):  # apart: a thousand who come in must not move the room's seq
        with deed(webinar.pk) as done:
            _show_anew(done, person)
    return person


@_twice_is_once
def register(
    webinar: Webinar,
    *,
    email: str,
    user: User | None = None,
    person: Participant | None = None,
    **details: Any,
) -> Participant:
    """ "I will attend": the row that later is presence, with its portable link, which goes by letter. Twice is once.

    A guest who names an address that is registered already changes nothing: its owner gets the letter again.
    """
    if (
        webinar.entry == Entry.INVITED
        and person is None
        and (user is None or not Participant.objects.filter(webinar=webinar, user=user).exists())
    ):
        raise Refused("not_invited")
    with writing():
        found = _found(webinar, person, user)
        known = _known_address(webinar, email, user)
        if user is None and known is not None and known != found:
            letter_later(known.pk, REGISTERED)
            return known
        found = found or known or Participant(webinar=webinar, user=user, **_of_user(user))
        if found.removed_at:
            raise Refused("removed")
        found.user = found.user or user
        _take(found, details | {"email": email})
        found.registered_at = found.registered_at or timezone.now()
        found.save()
        letter_later(found.pk, REGISTERED)
    return found


def invite(
    deed: Deed, *, name: str, roles: Iterable[str], email: str = "", country: str = "", **details: Any
) -> Participant:
    """A speaker, moderator, … with a personal link that lets them in without an account."""
    deed.require("people")
    chosen = _roles(roles)
    person = Participant(webinar=deed.webinar, roles=chosen, country=country, invited_at=deed.at)
    user = User.objects.filter(email=email.strip().lower()).first() if email else None
    if user and not Participant.objects.filter(webinar=deed.webinar, user=user).exists():
        person.user = user
    _take(person, details | {"name": name, "email": email})
    person.seq = deed.seq
    person.save()
    deed.touch_room()
    deed.record("invite", note=f"{name}: {', '.join(chosen)}"[:500])
    return person


def change_person(
    deed: Deed, person_id: int, *, roles: Iterable[str] | None = None, **details: Any
) -> Participant:
    """Change somebody's roles or details; their live sockets are re-filed at once."""
    me = deed.require("people")
    person = _person(deed, person_id)
    before = {"roles": person.roles}
    if roles is not None:
        person.roles = _roles(roles)
        if person.pk == me.pk and Role.HOST not in person.roles:
            raise Refused("last_host")
    _take(person, details)
    person.seq = deed.seq
    person.save()
    _show_anew(deed, person)
    deed.record("person", note=str(person)[:500], before=before)
    return person


def new_link(deed: Deed, person_id: int) -> Participant:
    """Withdraw a personal link by making another."""
    deed.require("people")
    person = _person(deed, person_id)
    person.link_nonce = new_nonce()
    person.save(update_fields=["link_nonce"])
    deed.record("new_link", note=str(person)[:500])
    return person


def file_anew(users: Sequence[int]) -> None:
    """Accounts were closed, or their rights changed: rooms that are open let their people go at once."""
    theirs = Participant.objects.filter(user__in=users, webinar__state__in=WITH_ROOM)
    for webinar in theirs.values_list("webinar", flat=True).distinct():
        with deed(webinar) as done:
            theirs.filter(webinar=webinar).update(seq=done.seq)


def record_attendance(intervals: Sequence[tuple[int, datetime, datetime]]) -> None:
    """Who has been in the room from when until when, many at once: (participant, arrived, left or seen last).

    Said again with a later end, an interval grows.
    """
    for at in range(0, len(intervals), 200):
        rows = [
            Attendance(participant_id=person, arrived_at=arrived, left_at=left)
            for person, arrived, left in intervals[at : at + 200]
        ]
        with writing():
            # Whoever was erased in the meantime is left out.
            known = set(
                Participant.objects.filter(pk__in=[r.participant_id for r in rows]).values_list(
                    "pk", flat=True
                )
            )
            Attendance.objects.bulk_create(
                [row for row in rows if row.participant_id in known],
                update_conflicts=True,
                unique_fields=["participant", "arrived_at"],
                update_fields=["left_at"],
            )


def _found(webinar: Webinar, person: Participant | None, user: User | None) -> Participant | None:
    """For changing: nobody else changes the row before the transaction ends."""
    locked = Participant.objects.select_for_update().filter(webinar=webinar)
    if user is not None:
        found = locked.filter(user=user).first()
        if found is not None:
            return found
    return locked.filter(pk=person.pk).first() if person is not None else None


def _known_address(webinar: Webinar, email: str, user: User | None) -> Participant | None:
    """Who came to this webinar by that address. For somebody signed in only what nobody else has taken yet."""
    people = (
        Participant.objects.select_for_update().present().filter(webinar=webinar, email__iexact=email.strip())
    )
    people = people.exclude(registered_at=None, invited_at=None)
    return (people if user is None else people.filter(user=None)).order_by("pk").first()


def _shown(person: Participant) -> tuple[str, ...]:
    """What others read of somebody beside their questions and answers."""
    return person.name, person.organisation, person.country, person.place


def _show_anew(deed: Deed, person: Participant) -> None:
    """Rooms that are open hold the name as it was: every row it stands in travels again."""
    with_them = Q(participant=person) | Q(addressed_to=person) | Q(answers__speaker=person)
    ids = Question.objects.filter(with_them).values("pk")
    Question.objects.filter(webinar=deed.webinar, pk__in=ids).update(seq=deed.seq)
    if person.hands.exists():
        deed.touch_part("queue")
    deed.touch_room()


def _of_user(user: User | None) -> dict[str, Any]:
    if user is None:
        return {}
    organisation = str(user.organisation) if user.organisation else ""
    return {
        "name": user.name, "organisation": organisation, "country": user.country, "zone": user.zone,
        "reads": user.reads, "email": user.email,
    }  # fmt: skip


def _take(person: Participant, details: dict[str, Any]) -> None:
    """Write details that were given onto a row, within what the columns hold."""
    for name in ("name", "organisation", "country", "place", "zone", "email"):
        if details.get(name) is not None:
            limit = _FIELDS[name].max_length
            setattr(person, name, one_line(str(details[name]))[:limit])
    if details.get("title"):
        title = details["title"]
        person.title = title if isinstance(title, Names) else Names.of("en", str(title))
    if details.get("reads") is not None:
        person.reads = [code for code in details["reads"] if valid(code)][:10]
    if details.get("way") in Way.values:
        person.way = details["way"]
    if details.get("people_here"):
        person.people_here = max(1, min(MAX_PEOPLE_HERE, int(details["people_here"])))


def _roles(roles: Iterable[str]) -> list[str]:
    chosen = sorted({*roles} & {*Role.values} | {Role.ATTENDEE.value})
    return chosen


def _person(deed: Deed, pk: int) -> Participant:
    found = Participant.objects.select_for_update().filter(webinar=deed.webinar, pk=pk).first()
    if found is None:
        raise Refused("not_found")
    return found

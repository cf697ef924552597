"""Who may still sit where in a room: losing a right ends what one receives before anything more is sent there."""

import time
from collections.abc import Collection
from math import inf
from typing import TYPE_CHECKING

from webinars import policies
from webinars.models import Participant

from . import admission
from .audience import Seat
from .changes import Pull
from .protocol import CLOSE_NO_RIGHT, CLOSE_SIGNED_OUT

if TYPE_CHECKING:
    from .live_room import LiveRoom

Moving = list[tuple[Seat, str | None]]


class Rights:
    """The rights of those in one room, as far as this process has heard of them."""

    def __init__(self, room: "LiveRoom") -> None:
        self.room = room
        self.loaded_at = inf  # when the room began to follow, on the monotonic clock
        self.moved: dict[int, int] = {}  # participant → the seq at which their rights moved last
        self.as_moved: dict[int, Participant] = {}  # those people, as they were read then

    def follow(self) -> None:
        """From now on every change is heard of."""
        self.loaded_at = time.monotonic()

    def is_stale(self, person: Participant, read_at: float = inf) -> bool:
        """Did this person's rights move after they were read, or may they have, before the room began to follow?"""
        return read_at < self.loaded_at or self.moved.get(person.pk, 0) > person.seq

    def latest(self, person: Participant) -> Participant:
        """This person as this process knows them: as read at the door, or when their rights moved since."""
        moved = self.as_moved.get(person.pk)
        return moved if moved is not None and moved.seq >= person.seq else person

    def audience_of(self, person: Participant | None) -> str | None:
        """None for somebody who was removed, or whose account is closed."""
        pending = self.room.speakers_see_pending
        return policies.audience_of(person, speakers_see_pending=pending) if person else None

    def lift(self, pull: Pull) -> Moving:
        """Take those whose rights moved out of where they sat, before anything of this pull is sent there.

        What was written in the same tick as a lost role must not reach who lost it. `set_down` seats them again.
        """
        moving: Moving = []
        for moved in pull.people:
            self.moved[moved.participant] = moved.seq
            if moved.now is not None:
                self.as_moved[moved.participant] = moved.now
            audience = self.audience_of(moved.now)
            for seat in self.room.seats_of(moved.participant):
                if self._moves(seat, audience):
                    self.room.channels[seat.audience].seats.discard(seat)
                    moving.append((seat, audience))
        return moving

    def set_down(self, moving: Moving) -> None:
        """Seat these sockets with their audience, from a snapshot on; None: no place here any more."""
        for seat, audience in moving:
            if seat not in self.room.seats_of(seat.participant):
                continue  # it left meanwhile
            if audience is None:
                self.room.dismiss(seat, CLOSE_NO_RIGHT)
            else:
                self.room.move(seat, audience)

    def refile(self, seat: Seat, audience: str | None) -> None:
        """File a socket under an audience."""
        if self._moves(seat, audience) and seat in self.room.channels[seat.audience].seats:
            self.room.channels[seat.audience].seats.discard(seat)
            self.set_down([(seat, audience)])

    def end_sessions(self, keys: Collection[str]) -> None:
        """Somebody signed out, or was: sockets of these sessions close."""
        for seat in [seat for seat in self.room.seats if seat.session in keys]:
            self.room.dismiss(seat, CLOSE_SIGNED_OUT)

    async def sweep(self) -> None:
        """Re-read every right that is in use here: sessions that ended and rights that went without a word."""
        room = self.room
        seats = [seat for seat in room.seats if not (seat.is_projector and room.is_open_hall)]
        if not seats:
            return
        sessions, people = await room.hub.read(
            admission.standing, {seat.session for seat in seats}, {seat.participant for seat in seats}
        )
        for seat in seats:
            if seat.session not in sessions:
                room.dismiss(seat, CLOSE_SIGNED_OUT)
                continue
            person = people.get(seat.participant)
            if person is None or not self.is_stale(person):
                self.refile(seat, self.audience_of(person))

    @staticmethod
    def _moves(seat: Seat, audience: str | None) -> bool:
        """A wall stays with everyone, whoever opened it; it goes when they do."""
        return audience is None if seat.is_projector else audience != seat.audience

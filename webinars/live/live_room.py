"""A webinar that somebody in this process looks at: one frame a tick for all who do.

Leading edge, then at most one frame per TICK. Each tick pulls once at the widest view, derives each audience's frame
in memory, encodes each once and hands the same bytes to every socket: 6 µs a frame against 350 for a consumer each.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils import timezone

from config.push import frame as frame_of
from webinars import policies
from webinars.models import Participant, Webinar

from . import changes, metrics, part, parts, reading
from .audience import Channel, Seat
from .desk_news import DeskNews
from .holds import Holds
from .protocol import CLOSE_RESTING, encode
from .reactions import Reactions, Tally
from .rights import Rights

log = logging.getLogger(__name__)

TICK = 0.1  # seconds between two frames of a room
MOST_SOCKETS = 10  # of one person: phone, laptop, some forgotten tabs; the oldest gives way


class House(Protocol):
    """What a room needs of the process it is in."""

    def read(self, function: Any, *args: Any) -> Awaitable[Any]: ...

    def think(self, function: Any, *args: Any) -> Awaitable[Any]: ...

    def count_soon(self) -> None: ...

    def reacted(self, webinar: int, sums: dict[str, int]) -> None: ...

    def write_soon(self) -> None: ...

    tally: Tally

    @property
    def holds(self) -> Holds: ...


class LiveRoom:
    """A webinar that somebody in this process looks at."""

    def __init__(self, hub: House, webinar: int) -> None:
        self.hub = hub
        self.webinar = webinar
        self.room = changes.Room(webinar)
        self.channels = {name: Channel(changes.Window(name)) for name in changes.AUDIENCES}
        self.by_person: dict[int, dict[Seat, None]] = {}  # in the order they came
        self.projectors: set[Seat] = set()
        self.speakers_see_pending = False
        self.is_open_hall = False
        self.ready = asyncio.Event()
        self.loading: asyncio.Future[bool] = asyncio.ensure_future(self.load())
        self.used = 0.0  # when somebody came or went last, on the loop's clock
        self.dirty = False
        self.ticking: asyncio.Task[None] | None = None
        self.checks: set[asyncio.Task[None]] = set()
        self.ballots: list[tuple[int, int, bool]] = []
        self.personal: list[tuple[int, dict[str, Any]]] = []  # (participant, news by part)
        self.stirred: set[tuple[int, str]] = (
            set()
        )  # (participant, part): done in one tab, news for the others
        self.owed: set[tuple[int, str]] = set()  # (participant, part): news for all of them
        self.here = (0, 0)
        self.rights = Rights(self)
        self.news = DeskNews(self)
        self.reactions = Reactions(self)
        self.stands = Webinar(pk=webinar)  # what rights are asked of, as the header said it last
        self.pace = 0  # votes a minute, as the desk was told last
        # Who is here since when, and who left when: a line that breaks for a moment is no leaving.
        self.arrived: dict[int, datetime] = {}
        self.left: dict[int, datetime] = {}

    @property
    def seats(self) -> Iterable[Seat]:
        for channel in self.channels.values():
            yield from channel.seats

    # --- coming and going -----------------------------------------------------------------------------

    async def load(self) -> bool:
        """Read the whole room once; False when there is no such webinar."""
        everything = await self.hub.read(reading.pull, self.webinar, -1)
        if everything is None:
            return False
        self._take(everything)
        for channel in self.channels.values():
            channel.window.frame(self.room, (), ())
        self.rights.follow()
        self.ready.set()
        return True

    def _take(self, pull: changes.Pull) -> None:
        self.room.apply(pull)
        if pull.header is not None:
            self._take_header(pull.header)
        self.speakers_see_pending = pull.speakers_see_pending
        self.is_open_hall = pull.is_open_hall

    def _take_header(self, header: dict[str, Any]) -> None:
        was, self.stands = (
            self.stands,
            Webinar(pk=self.webinar, state=header["state"], reactions_open=header["reactions_open"]),
        )
        if was.is_running and not self.stands.is_running:
            self.hub.write_soon()  # it is over: what was counted is for the archive

    def react(self, person: Participant, kind: str) -> str:
        """Count a reaction; else the code of its refusal. Asks no database: rights as this process knows them."""
        if why := policies.refusal(self.rights.latest(person), "react", self.stands):
            return why
        self.reactions.take(kind)
        return ""

    def sit(self, seat: Seat) -> None:
        self.channels[seat.audience].seats.add(seat)
        if seat.is_projector:
            self.projectors.add(seat)
            return
        theirs = self.by_person.setdefault(seat.participant, {})
        theirs[seat] = None
        if len(theirs) > MOST_SOCKETS:
            self.dismiss(next(iter(theirs)), CLOSE_RESTING)
        self.arrived.setdefault(seat.participant, timezone.now())
        self.left.pop(seat.participant, None)
        self.hub.count_soon()
        self.news.tell(seat)

    def leave(self, seat: Seat) -> None:
        """Idempotent."""
        self.channels[seat.audience].seats.discard(seat)
        self.projectors.discard(seat)
        seats = self.by_person.get(seat.participant)
        if seats is not None and seat in seats:
            del seats[seat]
            if not seats:
                del self.by_person[seat.participant]
                self.left[seat.participant] = timezone.now()
                self.hub.holds.let_go(self.webinar, seat.participant)
        self.used = asyncio.get_running_loop().time()
        self.hub.count_soon()

    def seats_of(self, participant: int) -> list[Seat]:
        """A person's sockets, and the walls that stand on their right."""
        walls = [seat for seat in self.projectors if seat.participant == participant]
        return [*self.by_person.get(participant, ()), *walls]

    def dismiss(self, seat: Seat, code: int) -> None:
        self.leave(seat)
        seat.handle.close(code)

    def move(self, seat: Seat, audience: str) -> None:
        """Seat a socket that was taken out of its channel, from a snapshot on."""
        if seat.audience == "desk":
            self.hub.holds.let_go(self.webinar, seat.participant)
        seat.audience = audience
        channel = self.channels[audience]
        channel.wake(self.room)
        channel.seats.add(seat)
        seat.handle.push(self._snapshot(channel))
        self.news.tell(seat)

    def catch_up(self, seat: Seat, cursor: str) -> None:
        """Bring a socket to the present: the frames it missed, or a snapshot when the cursor is of another world."""
        channel = self.channels[seat.audience]
        channel.wake(self.room)
        frames = None
        epoch, _, rest = cursor.partition(".")
        audience, _, seq = rest.rpartition(".")
        if audience == seat.audience and epoch == str(self.room.epoch) and seq.isascii() and seq.isdigit():
            frames = channel.frames_since(int(seq))
            if int(seq) > self.room.seq:
                self.checks.add(task := asyncio.ensure_future(self._check_ahead(seat, int(seq))))
                task.add_done_callback(self.checks.discard)
        for frame in frames if frames is not None else [self._snapshot(channel)]:
            seat.handle.push(frame)

    async def _check_ahead(self, seat: Seat, seq: int) -> None:
        """A page that was drawn after our last tick is merely fresher; one from before a restore must start anew."""
        self.nudge()
        await asyncio.sleep(TICK * 2)
        while self.ticking is not None and self.room.seq < seq and self.dirty:
            await asyncio.sleep(TICK)
        if self.room.seq < seq:
            seat.handle.push(self._snapshot(self.channels[seat.audience]))

    def _snapshot(self, channel: Channel) -> bytes:
        cursor = channel.window.cursor()
        if channel.snapshot[0] != cursor:
            whole = channel.window.snapshot(self.room) | self._here(channel)
            channel.snapshot = (cursor, frame_of(encode(whole)))
        return channel.snapshot[1]

    # --- ticks ----------------------------------------------------------------------------------------

    def nudge(self) -> None:
        """Something changed. The first nudge after quiet goes out at once; more within a tick go together."""
        self.dirty = True
        if self.ticking is None:
            self.ticking = asyncio.ensure_future(self._tick())

    async def _tick(self) -> None:
        try:
            while self.dirty:
                self.dirty = False
                await self.ready.wait()
                try:
                    await self._pull_and_send()
                except Exception:
                    log.exception(
                        "Room %d could not be read; the next change or heartbeat heals it.", self.webinar
                    )
                await asyncio.sleep(TICK)
        finally:
            self.ticking = None

    async def _pull_and_send(self) -> None:
        pull = await self.hub.read(reading.pull, self.webinar, self.room.seq)
        if pull is None or (pull.seq <= self.room.seq and not pull.rows):
            self._tell_voters()
            await self._tell_own()
            return
        since, old_epoch = self.room.seq, self.room.epoch
        self.news.count_votes(pull)
        for name, things in pull.parts.items():
            owners = part.owners_to_tell(self.room.parts.get(name, ()), things)
            self.owed |= {(person, name) for person in owners}
        self._take(pull)
        moving = self.rights.lift(pull)
        if pull.epoch != old_epoch:
            await self._new_epoch()
        else:
            moved, voted = [row.id for row in pull.rows], [pk for pk, _ in pull.votes]
            at = asyncio.get_running_loop().time()
            for channel in self.channels.values():
                if channel.tired(at):
                    continue
                self._send(channel, since, channel.window.frame(self.room, moved, voted))
        self.rights.set_down(moving)
        self._tell_muted(pull)
        self._tell_askers(self.room.askers(row.id for row in pull.rows))
        self._tell_voters()
        await self._tell_own()
        if pull.rows:
            self.news.stir()

    def _send(self, channel: Channel, since: int, frame: dict[str, Any]) -> None:
        ready = frame_of(encode(frame))
        channel.keep(since, self.room.seq, ready)
        self._broadcast(channel, ready)

    def _broadcast(self, channel: Channel, ready: bytes) -> None:
        metrics.FRAMES.inc(len(channel.seats))
        for seat in channel.seats:
            handle = seat.handle
            if not handle.push(ready) and handle.lagging and not handle.queued:
                self._resync(channel, seat)

    def _resync(self, channel: Channel, seat: Seat) -> None:
        """A reader that fell behind lost frames and news; once it reads again it gets the whole window and its own."""
        metrics.SKIPPED.inc()
        seat.handle.lagging = False
        seat.handle.push(self._snapshot(channel))
        seat.handle.push(frame_of(encode({"mine": {"questions": self.room.mine(seat.participant)}})))
        if used := [name for name, things in self.room.parts.items() if things]:
            self.owed |= {(seat.participant, name) for name in used}
            self.nudge()
        self.news.tell(seat)

    async def _new_epoch(self) -> None:
        """What people may see changed: everybody is filed anew, and then starts from a snapshot."""
        for channel in self.channels.values():
            channel.kept.clear()
            channel.kept_bytes = 0
            channel.window = changes.Window(channel.window.audience)
            channel.window.frame(self.room, (), ())
        await self.rights.sweep()
        for channel in self.channels.values():
            ready = self._snapshot(channel)
            for seat in channel.seats:
                seat.handle.push(ready)

    # --- news for one person --------------------------------------------------------------------------

    def _tell_askers(self, people: set[int]) -> None:
        """Your question's fate. When one leaves the queue, those behind it moved up."""
        for person in people & self.by_person.keys():
            news = frame_of(encode({"mine": {"questions": self.room.mine(person)}}))
            for seat in self.by_person[person]:
                seat.handle.push(news)

    def _tell_muted(self, pull: changes.Pull) -> None:
        """Whether you may ask and vote: said by every process, for each reads whose rights moved."""
        for moved in pull.people:
            if moved.now is not None and moved.participant in self.by_person:
                news = frame_of(encode({"mine": {"muted": moved.now.muted_at is not None}}))
                for seat in self.by_person[moved.participant]:
                    seat.handle.push(news)

    def _tell_voters(self) -> None:
        """Your votes in another tab, and what else is for you alone."""
        personal, self.personal = self.personal, []
        for person, own in personal:
            for seat in self.by_person.get(person, ()):
                seat.handle.push(frame_of(encode({"mine": own})))
        ballots, self.ballots = self.ballots, []
        told: dict[int, dict[str, bool]] = {}
        for person, question, on in ballots:
            if len(self.by_person.get(person, ())) > 1:
                told.setdefault(person, {})[str(question)] = on
        for person, votes in told.items():
            news = frame_of(encode({"mine": {"votes": votes}}))
            for seat in self.by_person.get(person, ()):
                seat.handle.push(news)

    async def _tell_own(self) -> None:
        """What of a part is for one person alone, read anew for those who are here."""
        stirred, self.stirred = self.stirred, set()
        owed, self.owed = self.owed, set()
        told = {one for one in owed if one[0] in self.by_person}
        told |= {one for one in stirred if len(self.by_person.get(one[0], ())) > 1}
        for person, name in sorted(told):
            own = await self.hub.read(parts.own, self.webinar, person, (name,))
            for seat in self.by_person.get(person, ()):
                seat.handle.push(frame_of(encode({"mine": own})))

    def attended(self, now: datetime) -> list[tuple[int, datetime, datetime]]:
        """(participant, arrived, left or seen last) of everybody who is here or was, until they are forgotten."""
        return [(person, arrived, self.left.get(person, now)) for person, arrived in self.arrived.items()]

    def forget_attended(self, before: datetime) -> None:
        """Those who left before then have been written down; should they come back, they arrive anew."""
        for person in [person for person, left in self.left.items() if left < before]:
            del self.arrived[person], self.left[person]

    # --- who is here ----------------------------------------------------------------------------------

    def count(self) -> None:
        """Tell who is here, when it changed: people, and for the desk also those beside them and the votes' pace."""
        people = len(self.by_person)
        beside = sum(max(seat.people_here for seat in seats) for seats in self.by_person.values())
        here, pace = (people, beside), self.news.votes_a_minute()
        told = list(self.channels.values()) if here != self.here else [self.channels["desk"]]
        if here == self.here and pace == self.pace:
            return
        self.here, self.pace = here, pace
        for channel in told:
            channel.snapshot = ("", b"")
            self._broadcast(channel, frame_of(encode(self._here(channel))))

    def _here(self, channel: Channel) -> dict[str, int]:
        people, beside = self.here
        if channel.window.audience == "desk":
            return {"here": people, "beside": beside, "pace": self.pace}
        if channel.window.audience in changes.BEHIND:
            return {"here": people, "beside": beside}
        return {"here": people}

    def beat(self) -> None:
        for channel in self.channels.values():
            self._broadcast(channel, frame_of(encode({"beat": channel.window.cursor()})))

    def heal(self) -> None:
        """Readers that fell behind and read again get the whole window, also where nothing happens."""
        for channel in self.channels.values():
            for seat in channel.seats:
                if seat.handle.lagging and not seat.handle.queued:
                    self._resync(channel, seat)

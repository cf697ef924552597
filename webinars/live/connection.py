"""One socket of the room: a plain ASGI application, mounted behind Channels' session and origin middleware.

A Channels consumer costs 160 µs a message and queues every command behind one thread of the process; this one costs
next to nothing, because reads have their own threads and writes their own writer.
"""

import asyncio
import math
import time
from typing import Any

from django.conf import settings

from config.push import frame as frame_of
from webinars import policies

from . import admission, budgets, metrics, parts
from .audience import Handle, Seat
from .live_room import LiveRoom
from .protocol import CLOSE_MALFORMED, CLOSE_NO_RIGHT, MAX_FRAME, Command, Malformed, encode, held, parse
from .service import service
from .writer import Order, Outcome

MALFORMED_ALLOWED = 5
MALFORMED_WITHIN = 10.0  # seconds
PENDING_ALLOWED = 64  # commands of one socket on their way at once


class PlainHandle:
    """The handle where the server offers none: a bounded queue before an ordinary ASGI send."""

    def __init__(self, send: Any) -> None:
        self.lagging = False
        self.code: int | None = None
        self._send = send
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(200)
        self.task = asyncio.ensure_future(self._pump())

    @property
    def queued(self) -> int:
        return self._queue.qsize()

    def push(self, frame: bytes) -> bool:
        if self.lagging:
            return False
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.lagging = True
            return False
        return True

    def close(self, code: int) -> None:
        self.code = code
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(None)

    async def _pump(self) -> None:
        while (frame := await self._queue.get()) is not None:
            start = 2 if frame[1] < 126 else 4 if frame[1] == 126 else 10
            await self._send({"type": "websocket.send", "text": frame[start:].decode()})
        await self._send({"type": "websocket.close", "code": self.code})


async def room_socket(scope: Any, receive: Any, send: Any) -> None:
    """The socket of one participant in one webinar. Anybody else is turned away before it opens (403)."""
    if (await receive())["type"] != "websocket.connect":
        return
    webinar_id = scope["url_route"]["kwargs"]["webinar"]
    service.start()
    session_key = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    admitted = await service.hub.read(admission.admit, session_key, webinar_id) if session_key else None
    room = await service.hub.room(webinar_id) if admitted else None
    if admitted is None or room is None:
        await send({"type": "websocket.close", "code": 4403})
        return
    await send({"type": "websocket.accept"})
    while room.rights.is_stale(admitted.person, admitted.read_at):  # a right moved while the door opened
        admitted = await service.hub.read(admission.admit, session_key, webinar_id)
        if admitted is None:
            await send({"type": "websocket.close", "code": CLOSE_NO_RIGHT})
            return
    handle = scope.get("extensions", {}).get("sild.push") or PlainHandle(send)
    socket = RoomSocket(handle, room, admitted)
    socket.greet(since_of(scope))
    if used := [name for name, things in room.room.parts.items() if things]:
        own = await service.hub.read(parts.own, webinar_id, admitted.person.pk, used)
        socket.tell({"mine": own})
    try:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            socket.take(message)
    finally:
        room.leave(socket.seat)
        if isinstance(handle, PlainHandle):
            handle.task.cancel()


class RoomSocket:
    """What one open socket does with what comes in."""

    def __init__(self, handle: Handle, room: LiveRoom, admitted: admission.Admitted) -> None:
        self.handle = handle
        self.room = room
        self.admitted = admitted
        person = admitted.person
        audience = policies.audience_of(person, speakers_see_pending=room.speakers_see_pending)
        self.seat = Seat(
            handle,
            participant=person.pk,
            session=admitted.session,
            audience=audience or "everyone",
            people_here=person.people_here,
        )
        self.malformed: list[float] = []
        self.pending = 0

    def greet(self, since: str) -> None:
        """Hello, what was missed, and a seat: nothing happens in between, so no frame is lost or doubled."""
        person = self.admitted.person
        hello = {
            "participant": person.pk,
            "audience": self.seat.audience,
            "now": int(time.time() * 1000),
            "release": settings.STATIC_HASH,
            "here": self.room.here[0],
        }
        self.tell({"hello": hello})
        self.room.catch_up(self.seat, since)
        mine = {
            "questions": self.room.room.mine(person.pk),
            "votes": {str(question): True for question in self.admitted.votes},
            "all": True,
            "muted": person.muted_at is not None,
        }
        self.tell({"mine": mine})
        self.room.sit(self.seat)

    def take(self, message: dict[str, Any]) -> None:
        """One incoming frame: a command for the writer, or a malformed one that is counted."""
        text = message.get("text")
        try:
            if text is None or len(text) > MAX_FRAME:
                raise Malformed
            if text == "beat":  # the page asks whether anybody is there; the frame answers
                self.tell({"beat": self.room.channels[self.seat.audience].window.cursor()})
                return
            if text.startswith("hold "):
                self._hold(*held(text))
                return
            command = parse(text)
        except Malformed:
            self._count_malformed()
            return
        self._order(command)

    def _hold(self, question: int, is_writing: bool) -> None:
        """Which row of the console this moderator is on. Nothing of it is kept; others there are told, nobody else."""
        if self.seat.audience != "desk" or budgets.spend(self.seat.participant, "hold"):
            return
        service.hub.holds.take(self.room.webinar, self.seat.participant, question, is_writing=is_writing)

    def _order(self, command: Command) -> None:
        wait = budgets.spend(self.seat.participant, command.do)
        if wait or self.pending >= PENDING_ALLOWED:
            self.tell({"ref": command.ref, "error": "too_fast", "retry_after": max(1, math.ceil(wait))})
            return
        if command.do == "react":
            self._react(command)
            return
        self.pending += 1
        order = Order(
            command,
            webinar=self.room.webinar,
            participant=self.seat.participant,
            session=self.seat.session,
            reply=lambda outcome: self._reply(command, outcome),
        )
        service.writer.submit(order)

    def _react(self, command: Command) -> None:
        """Without the writer: nothing of it goes to the disk. Who was sent away since sits here no more."""
        sits = self.seat in self.room.channels[self.seat.audience].seats
        why = self.room.react(self.admitted.person, command.args["kind"]) if sits else "signed_out"
        self.tell({"ref": command.ref, **({"error": why} if why else {"ok": {}})})
        metrics.COMMANDS.labels("react", why or "ok").inc()

    def _reply(self, command: Command, outcome: Outcome) -> None:
        self.pending -= 1
        if command.do == "ask" and "ok" in outcome:
            outcome = {"ok": outcome["ok"] | budgets.after_asking(self.seat.participant)}
        self.tell({"ref": command.ref, **outcome})

    def _count_malformed(self) -> None:
        now = time.monotonic()
        self.malformed = [at for at in self.malformed if now - at < MALFORMED_WITHIN] + [now]
        if len(self.malformed) >= MALFORMED_ALLOWED:
            self.handle.close(CLOSE_MALFORMED)
        else:
            self.tell({"error": "malformed"})

    def tell(self, message: dict[str, Any]) -> None:
        self.handle.push(frame_of(encode(message)))


def since_of(scope: Any) -> str:
    """The cursor the page stands at, from ?since=."""
    for part in scope.get("query_string", b"").decode("ascii", "replace").split("&"):
        name, _, value = part.partition("=")
        if name == "since":
            return str(value)[:64]
    return ""

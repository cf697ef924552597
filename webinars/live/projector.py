"""The socket of a wall: what everybody sees, whoever opened it. It takes no commands and hears nothing personal."""

import time
from typing import Any

from django.conf import settings

from config.push import frame as frame_of

from . import admission
from .audience import Handle, Seat
from .connection import PlainHandle, since_of
from .live_room import LiveRoom
from .protocol import CLOSE_MALFORMED, encode
from .service import service

EVERYONE = "everyone"


async def projector_socket(scope: Any, receive: Any, send: Any) -> None:
    """Opens to everybody in an open hall, else to who is in the room; anybody else is turned away (403)."""
    if (await receive())["type"] != "websocket.connect":
        return
    webinar_id = scope["url_route"]["kwargs"]["webinar"]
    service.start()
    session_key = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    right = await service.hub.read(admission.admit_projector, session_key, webinar_id)
    room = await service.hub.room(webinar_id) if right else None
    if right is None or room is None:
        await send({"type": "websocket.close", "code": 4403})
        return
    await send({"type": "websocket.accept"})
    handle = scope.get("extensions", {}).get("sild.push") or PlainHandle(send)
    seat = take_place(handle, room, right, since_of(scope))
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            if message.get("text") == "beat":  # is anybody there?
                handle.push(frame_of(encode({"beat": room.channels[EVERYONE].window.cursor()})))
            else:
                handle.close(CLOSE_MALFORMED)
    finally:
        room.leave(seat)
        if isinstance(handle, PlainHandle):
            handle.task.cancel()


def take_place(handle: Handle, room: LiveRoom, right: tuple[int, str], since: str) -> Seat:
    """Hello, what was missed, and a place: nothing happens in between, so no frame is lost or doubled."""
    participant, session = right
    seat = Seat(
        handle, participant=participant, session=session, audience=EVERYONE, people_here=0, is_projector=True
    )
    hello = {
        "participant": 0,
        "audience": EVERYONE,
        "now": int(time.time() * 1000),
        "release": settings.STATIC_HASH,
        "here": room.here[0],
    }
    handle.push(frame_of(encode({"hello": hello})))
    room.catch_up(seat, since)
    room.sit(seat)
    return seat

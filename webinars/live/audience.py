"""The sockets of one audience of a room, and the frames it was sent lately."""

from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from . import changes

SLEEP_AFTER = 60.0  # seconds an audience without sockets is still kept ready
KEPT_BYTES = 262_144  # of recent frames an audience's memory keeps for those who come back


class Handle(Protocol):
    """How the hub writes to a socket: the server's direct push, or a plain ASGI send behind it."""

    lagging: bool

    @property
    def queued(self) -> int: ...

    def push(self, frame: bytes) -> bool: ...

    def close(self, code: int) -> None: ...


class Seat:
    """One socket in a room.

    A projector is a screen, not a person: it stays with `everyone` whoever opened it, hears nothing that is for one
    person and is not counted. `participant` and `session` are whose right it stands on; 0 and "" where anybody may.
    """

    __slots__ = ("audience", "handle", "is_projector", "participant", "people_here", "session")

    def __init__(
        self,
        handle: Handle,
        *,
        participant: int,
        session: str,
        audience: str,
        people_here: int,
        is_projector: bool = False,
    ) -> None:
        self.handle = handle
        self.participant = participant
        self.session = session
        self.audience = audience
        self.people_here = people_here
        self.is_projector = is_projector


@dataclass(slots=True)
class Channel:
    """An audience of a room: its window, its sockets, and the frames it was sent lately."""

    window: changes.Window
    seats: set[Seat] = field(default_factory=set)
    kept: deque[tuple[int, int, bytes]] = field(default_factory=deque)  # (from seq, to seq, frame)
    kept_bytes: int = 0
    # The snapshot of the present seq, encoded once however many join.
    snapshot: tuple[str, bytes] = ("", b"")
    # Nobody has been here for a while: no frames are derived until somebody comes.
    asleep: bool = False
    empty_since: float = 0.0

    def tired(self, at: float) -> bool:
        """Fall asleep when nobody was here for SLEEP_AFTER; those who come back later get a snapshot."""
        if self.seats or self.asleep:
            self.empty_since = at
        elif at - self.empty_since > SLEEP_AFTER:
            self.asleep = True
            self.kept.clear()
            self.kept_bytes = 0
        return self.asleep

    def wake(self, room: changes.Room) -> None:
        if self.asleep:
            self.asleep = False
            self.window = changes.Window(self.window.audience)
            self.window.frame(room, (), ())

    def keep(self, since: int, seq: int, frame: bytes) -> None:
        self.kept.append((since, seq, frame))
        self.kept_bytes += len(frame)
        while self.kept_bytes > KEPT_BYTES:
            self.kept_bytes -= len(self.kept.popleft()[2])

    def frames_since(self, seq: int) -> list[bytes] | None:
        """What to send to somebody who stands at `seq`; None when memory does not reach that far back."""
        if seq >= self.window.seq:
            return []
        if not self.kept or self.kept[0][0] > seq:
            return None
        return [frame for _, to, frame in self.kept if to > seq]

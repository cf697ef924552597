"""Figures of the live rooms of this process, for /metrics."""

from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from config.metrics import asked

if TYPE_CHECKING:
    from .service import Service

COMMANDS = Counter("sild_commands", "Commands of sockets, by verb and outcome", ["do", "outcome"])
BATCHES = Histogram(
    "sild_batch_commands", "Commands committed together", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500)
)
COMMITS = Histogram(
    "sild_batch_seconds",
    "From a batch's first statement to its commit",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
FRAMES = Counter("sild_frames", "Frames handed to sockets")
SKIPPED = Counter("sild_resyncs", "Readers that fell behind and were given the whole window")


def of_rooms(service: "Service") -> None:
    """Once a process."""
    rooms = service.hub.rooms
    asked("sild_rooms", "Rooms somebody looks at", lambda: len(rooms))
    asked("sild_people_here", "People in rooms", lambda: sum(room.here[0] for room in list(rooms.values())))
    asked(
        "sild_sockets", "Open sockets of rooms", lambda: sum(len(list(r.seats)) for r in list(rooms.values()))
    )
    asked("sild_writer_waiting", "Commands that wait for the disk", service.writer.queue.qsize)

"""The parts of a room (models.events.PARTS), and how each is read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from . import opinions
from .leases import LEASES
from .part import Json, Part, Thing
from .polls import POLLS
from .queue import QUEUE

READERS: Final[Mapping[str, Part]] = {
    "polls": POLLS,
    "jobs": LEASES,
    "opinions": Part(opinions.read, opinions.own),
    "queue": QUEUE,
}

BY_QUESTIONS: Final = frozenset(name for name, part in READERS.items() if part.with_questions)


def read(webinar: int, names: Collection[str]) -> dict[str, Sequence[Thing]]:
    """These parts of a webinar, as they are now."""
    return {name: part.read(webinar) for name, part in READERS.items() if name in names}


def own(webinar: int, participant: int, names: Collection[str] | None = None) -> Json:
    """What of these parts (all of them) is for this person alone."""
    return {
        name: part.own(webinar, participant)
        for name, part in READERS.items()
        if part.own and (names is None or name in names)
    }

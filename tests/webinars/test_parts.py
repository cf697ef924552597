"""What a room has beside its questions travels as they do: snapshot(n) + frames(n..m) = snapshot(m)."""

import random

import pytest

from tests.webinars.reducer import reduce
from webinars.live import changes
from webinars.live.changes import Pull, Room, Window
from webinars.live.part import Thing

HEADER = {"floor": None}


def some_things(luck: random.Random) -> list[Thing]:
    """In a new order each time; what only the desk may see is in no other view."""
    ids = luck.sample(range(1, 9), luck.randrange(0, 8))
    things = []
    for pk in ids:
        desk = {"id": pk, "text": f"t{pk}", "count": luck.randrange(3), "secret": True}
        public = {"id": pk, "text": f"t{pk}"}
        seen = luck.choice([("desk",), ("desk", "everyone"), changes.AUDIENCES])
        things.append(Thing(pk, {name: desk if name == "desk" else public for name in seen}))
    return things


@pytest.mark.parametrize("seed", range(8))
def test_a_page_that_followed_the_frames_shows_what_a_fresh_page_shows(seed: int) -> None:
    luck = random.Random(seed)
    room = Room(1)
    room.apply(Pull(0, 1, HEADER, [], {}, parts={"polls": some_things(luck), "queue": []}))
    windows = {name: Window(name) for name in changes.AUDIENCES}
    pages = {name: reduce({}, windows[name].snapshot(room)) for name in changes.AUDIENCES}
    for window in windows.values():
        window.frame(room, (), ())
    for seq in range(1, 60):
        parts = {"polls": some_things(luck)} if luck.random() < 0.7 else {}
        room.apply(Pull(seq, 1, parts=parts))
        for name in changes.AUDIENCES:
            frame = windows[name].frame(room, (), ())
            assert "secret" not in str(frame) or name == "desk"
            pages[name] = reduce(pages[name], frame)
            assert pages[name] == reduce({}, Window(name).snapshot(room))
            assert reduce(pages[name], frame) == pages[name]


def test_only_what_moved_is_told() -> None:
    room, window = Room(1), Window("everyone")
    poll, other = {"id": 1, "text": "One?"}, {"id": 2, "text": "Two?"}

    def tell(seq: int, *items: dict[str, object]) -> dict[str, object]:
        things = [Thing(int(str(item["id"])), {"everyone": item}) for item in items]
        room.apply(Pull(seq, 1, HEADER, [], {}, parts={"polls": things}))
        return window.frame(room, (), ())

    tell(1, poll, other)
    assert tell(2, poll, other | {"text": "Two"})["polls"] == {"items": [{"id": 2, "text": "Two"}]}
    assert tell(3, other | {"text": "Two"}, poll)["polls"] == {"order": [2, 1]}
    assert "polls" not in tell(4, other | {"text": "Two"}, poll)
    assert tell(5, poll)["polls"] == {"order": [1]}

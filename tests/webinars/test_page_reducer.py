"""The page's own reducer on real histories: a page that followed the frames shows what a fresh page shows."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.webinars.test_contract import History
from webinars.live import changes, reading

pytestmark = pytest.mark.django_db
REPLAY = Path(__file__).resolve().parents[1] / "js" / "replay.mjs"


def recorded(seed: int) -> list[dict[str, Any]]:
    """A random history as each audience's page heard it, with what a fresh page would get at each step."""
    history = History(seed)
    room = reading.load(history.webinar.pk)
    assert room is not None
    windows = {name: changes.Window(name) for name in changes.AUDIENCES}
    out = {name: {"snapshot": windows[name].snapshot(room), "steps": []} for name in changes.AUDIENCES}
    for window in windows.values():
        window.frame(room, (), ())
    for _ in range(40):
        for _ in range(history.random.randrange(1, 4)):
            history.step()
        news = reading.pull(history.webinar.pk, room.seq)
        assert news is not None
        room.apply(news)
        moved, voted = [row.id for row in news.rows], [pk for pk, _ in news.votes]
        for name, window in windows.items():
            frame = window.frame(room, moved, voted)
            out[name]["steps"].append({"frame": frame, "fresh": changes.Window(name).snapshot(room)})  # type: ignore[attr-defined]
    return list(out.values())


@pytest.mark.parametrize("window", [50, 3])
def test_the_pages_reducer_keeps_the_contract(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail("Node is not installed: sudo apt install nodejs")
        pytest.skip("Node is not installed: sudo apt install nodejs")
    for name in ("WINDOW", "ASIDE", "ANSWERED", "ADDRESSED"):
        monkeypatch.setattr(changes, name, window)
    histories = [one for seed in range(4) for one in recorded(seed)]
    done = subprocess.run(
        [node, REPLAY], input=json.dumps(histories), capture_output=True, text=True, check=True
    )
    followed = json.loads(done.stdout)
    assert len(followed) == len(histories)
    for steps in followed:
        for page, fresh in steps:
            assert page == fresh

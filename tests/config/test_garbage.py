"""Looking for garbage stops everybody: it leaves out what stays as long as the process."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAYS = """
import gc, django
django.setup()
from config import garbage
garbage.set_aside()
import sys
before = gc.get_freeze_count()
class Ring: pass
ring = Ring(); ring.me = ring; del ring
print(before, len(gc.get_objects()), gc.collect(), "webinars.views.room" in sys.modules)
"""


def test_what_is_loaded_by_the_start_is_never_looked_through_again_and_what_comes_later_is() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SAYS],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "config.settings",
             "SECRET_KEY": "x" * 50, "DATA_DIR": "/nonexistent", "PATH": ""},
    ).stdout.split()  # fmt: skip
    aside, looked_through, found, loaded = int(said[0]), int(said[1]), int(said[2]), said[3]
    assert aside > 100 * looked_through
    assert found >= 1
    assert loaded == "True"

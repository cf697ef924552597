"""Finds the environment this program runs in, or has it made. Standard library only: a bare Python runs it.

Either everything needed can be imported here, or `.venv` was finished by manage.py (its stamp tells), or, for
the verbs that may, one is made (environment.py).
"""

import os
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NoReturn

from config import environment

# The verbs that may make an environment, and the lock each of them needs. dev.txt holds all of run.txt.
MAKES = {"quickstart": "run.txt", "testall": "dev.txt", "bench": "dev.txt"}


def enter(root: Path, argv: list[str]) -> None:
    """Returns when this Python can do what `argv` asks; else goes on in another, or stops with a sentence."""
    verb = argv[1] if len(argv) > 1 else "help"
    lock = MAKES.get(verb, "run.txt")
    missing = absent(root / "requirements" / lock.replace(".txt", ".in"))
    if not missing:
        return
    venv = root / ".venv"
    inside = Path(sys.prefix).resolve() == venv.resolve()
    if environment.is_finished(venv, root, lock):
        if inside:  # going on in it again would never end
            sys.exit(f".venv has lost {', '.join(missing)}: delete .venv and type the same again.")
        run_in(venv, argv)
    if verb in MAKES:
        environment.make(venv, root, lock)
        run_in(venv, argv)
    if not inside and environment.is_finished(venv, root, lock=None):
        print(
            "Note: requirements/ changed since .venv was made; `python3 manage.py quickstart` renews it.",
            file=sys.stderr,
        )
        run_in(venv, argv)
    sys.exit(
        "The packages Sild runs on are not here yet. Type this once: python3 manage.py quickstart --no-serve"
    )


def absent(wanted: Path) -> list[str]:
    """The packages named in a requirements/*.in file (and those it includes) that are not installed here."""
    missing = []
    for line in wanted.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            missing += absent(wanted.with_name(line[3:].strip()))
        elif name := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line):
            try:
                metadata.distribution(name[0])
            except metadata.PackageNotFoundError:
                missing.append(name[0])
    return missing


def run_in(venv: Path, argv: list[str]) -> NoReturn:
    python = str(venv / "bin" / "python")
    sys.stdout.flush()
    os.execv(python, [python, *argv])

#!/usr/bin/env python3
"""Django's own manage.py, which also finds or makes the environment it runs in. Needs nothing but Python."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NEWEST_TOO_OLD = (3, 10)


def main() -> None:
    if sys.version_info[:2] <= NEWEST_TOO_OLD:
        here = ".".join(str(part) for part in sys.version_info[:2])
        sys.exit(
            "Sild needs Python 3.11 or newer and this is Python "
            + here
            + ". Install a newer one and type its name, "
            "for example: python3.11 manage.py " + " ".join(sys.argv[1:])
        )
    # `site` is one of Python's own modules too, so ours is a folder on the path, never a package.
    sys.path.insert(1, str(ROOT / "site"))
    from config import bootstrap

    bootstrap.enter(ROOT, sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    verb = sys.argv[1] if len(sys.argv) > 1 else "help"
    if verb == "quickstart" and not {"-h", "--help"} & set(sys.argv):
        from config import quickstart

        quickstart.prepare(ROOT, sys.argv[2:])
    elif verb in {*bootstrap.MAKES, "help", "-h", "--help"}:
        os.environ.setdefault(
            "SILD_TOOLING", "1"
        )  # in a fresh clone there is no secret yet, and none is needed
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

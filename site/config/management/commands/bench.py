"""`manage.py bench NAME [options]`: runs one of tests/bench/ in the environment that has what it needs."""

import os
import sys
from argparse import REMAINDER, ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

ROOT = Path(settings.BASE_DIR)


class Command(BaseCommand):
    help = "Runs a benchmark of tests/bench/ by its name; without a name, lists them."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=benches())
        parser.add_argument("options", nargs=REMAINDER, help="for the benchmark itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"]:
            print("\n".join(benches()) or "There are no benchmarks yet.")
            return
        path = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
        script = str(ROOT / "tests" / "bench" / f"{options['name']}.py")
        os.chdir(ROOT)
        os.execve(
            sys.executable, [sys.executable, script, *options["options"]], os.environ | {"PYTHONPATH": path}
        )


def benches() -> list[str]:
    return sorted(path.stem for path in (ROOT / "tests" / "bench").glob("[!_]*.py"))

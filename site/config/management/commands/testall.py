"""`manage.py testall`: everything that must hold before a change is good, in named steps."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.steps import step
from config.translations import compile_stale

ROOT = Path(settings.BASE_DIR)
PYTHON = sys.executable
# What cannot come from requirements/: how it is recognised, and the Debian package that brings it.
ENGINES = {
    "PostgreSQL": (("initdb", "/usr/lib/postgresql/*/bin/initdb"), "postgresql"),
    "Redis": (("redis-server",), "redis-server"),
    "Chromium": (("chromium", "chromium-browser", "google-chrome"), "chromium"),
    "Node": (("node", "nodejs"), "nodejs"),
    "gettext": (("xgettext",), "gettext"),
}
# The longest first, so that the two lanes end together.
CHECKS = {
    "types": [PYTHON, "-m", "mypy"],
    "imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as check; check()"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
}


STEPS = [*CHECKS, "scripts", "tests"]


@dataclass(frozen=True)
class Result:
    name: str
    code: int
    output: str
    seconds: float


class Command(BaseCommand):
    help = "Runs every check and every test, with real servers."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only", nargs="+", metavar="STEP", choices=STEPS, help=f"some of: {', '.join(STEPS)}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["only"] or STEPS
        try:
            with tempfile.TemporaryDirectory(prefix="sild-tests-") as data:
                os.environ |= {
                    "DATA_DIR": data,
                    "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
                }
                failed = everything(wanted, Path(data))
        except KeyboardInterrupt:
            sys.exit("\nStopped.")
        if failed:
            sys.exit(f"testall: failed: {', '.join(failed)}")


def everything(wanted: Sequence[str], data: Path) -> list[str]:
    """Runs the steps and gives the names of those that failed. pytest comes last: its last line is ours."""
    with step("translations") as says:
        if compiled := compile_stale(ROOT / "site" / "locale", data / "locale"):
            says(", ".join(compiled))
    failed = [] if engines_are_here() else ["engines"]
    scripts = [str(path) for path in sorted((ROOT / "tests" / "js").glob("**/*.test.*js"))]
    possible = dict(CHECKS)
    if scripts and (node := find("Node")):
        possible["scripts"] = [node, "--test", *scripts]
    with ThreadPoolExecutor(max_workers=2) as lanes:
        checks = [lanes.submit(run, name, command) for name, command in possible.items() if name in wanted]
        for check in as_completed(checks):
            result = check.result()
            verdict = "FAILED" if result.code else "ok"
            print(f"{result.name:<13} {verdict:<56} {result.seconds:6.1f} s", flush=True)
            if result.code:
                print(result.output, flush=True)
                failed.append(result.name)
    if "tests" in wanted:
        failed += failing_lanes(data)
    return failed


def failing_lanes(data: Path) -> list[str]:
    """Runs the two lanes of tests side by side: the first is heard as it goes, what the second said follows."""
    pytest = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "-m"]
    with (data / "second.txt").open("w+", errors="replace") as said:
        second = subprocess.Popen(
            [*pytest, "second"], cwd=ROOT, stdout=said, stderr=said, env=lane(data / "second")
        )
        try:
            first = subprocess.run([*pytest, "not second"], cwd=ROOT, check=False, env=lane(data / "first"))
            second.wait()
        finally:
            second.terminate()
        said.seek(0)
        shutil.copyfileobj(said, sys.stdout)
    codes = {"tests": first.returncode, "second lane of tests": second.returncode}
    return [name for name, code in codes.items() if code]


def lane(data: Path) -> dict[str, str]:
    """The environment of tests that share nothing with those beside them."""
    data.mkdir()
    compile_stale(ROOT / "site" / "locale", data / "locale")
    return os.environ | {"DATA_DIR": str(data)}


def engines_are_here() -> bool:
    """Says loudly which engine is missing. That is a failure in CI only; elsewhere its tests are skipped."""
    missing = [name for name in ENGINES if not find(name)]
    if not missing:
        return True
    ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    packages = " ".join(ENGINES[name][1] for name in missing)
    means = "FAILED, for CI needs them" if ci else "THEIR TESTS ARE SKIPPED"
    print(f"engines       NOT HERE: {', '.join(missing)}. {means}: sudo apt install {packages}", flush=True)
    return not ci


def run(name: str, command: list[str]) -> Result:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Result(name, done.returncode, done.stdout, time.monotonic() - started)


def find(engine: str) -> str:
    """The path of an engine's program, or nothing."""
    for name in ENGINES[engine][0]:
        if name.startswith("/"):
            found = next((str(path) for path in sorted(Path("/").glob(name[1:]), reverse=True)), None)
        else:
            found = shutil.which(name)
        if found:
            return found
    return ""

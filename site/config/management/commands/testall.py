"""`manage.py testall`: everything that must hold before a change is good, in named steps."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
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


@dataclass(frozen=True)
class Result:
    name: str
    code: int
    output: str
    seconds: float


class Command(BaseCommand):
    help = "Runs every check and every test, with real servers. Options after -- go to pytest."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "pytest", nargs="*", metavar="PATH", help="only these tests (the checks run always)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="sild-tests-") as data:
                failed = everything(Path(data), options["pytest"])
        except KeyboardInterrupt:
            sys.exit("\nStopped.")
        if failed:
            sys.exit(f"testall: failed: {', '.join(failed)}")


def everything(data: Path, chosen: list[str]) -> list[str]:
    """Runs all steps and gives the names of those that failed. pytest speaks last."""
    os.environ |= {"DATA_DIR": str(data), "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)])}
    failed = []
    missing = [name for name in ENGINES if not find(name)]
    if missing:
        packages = " ".join(ENGINES[name][1] for name in missing)
        says = "needed when CI=true" if in_ci() else "THEIR TESTS ARE SKIPPED"
        print(
            f"engines       NOT HERE: {', '.join(missing)}; {says} (sudo apt install {packages})", flush=True
        )
        if in_ci():
            failed.append("engines")
    with step("translations") as says_compiled:
        if compiled := compile_stale(ROOT / "site" / "locale", data / "locale"):
            says_compiled(", ".join(compiled))
    checks = dict(CHECKS)
    scripts = sorted(str(path) for path in (ROOT / "tests" / "js").glob("**/*.test.js"))
    if scripts and (node := find("Node")):
        checks["scripts"] = [node, "--test", *scripts]
    with ThreadPoolExecutor(max_workers=2) as lanes:
        for lane in as_completed([lanes.submit(run, name, command) for name, command in checks.items()]):
            result = lane.result()
            verdict = "ok" if result.code == 0 else "FAILED"
            print(f"{result.name:<13} {verdict:<56} {result.seconds:6.1f} s", flush=True)
            if result.code:
                print(result.output, flush=True)
                failed.append(result.name)
    if subprocess.run([PYTHON, "-m", "pytest", *chosen], cwd=ROOT, check=False).returncode:
        failed.append("tests")
    return failed


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


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}

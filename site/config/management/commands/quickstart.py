"""`manage.py quickstart`: from an empty folder to a site with something on it, one line for each step."""

import sys
from argparse import ArgumentParser
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from config import checks, first_run, quickstart, static
from config.environment import alone
from config.processes import ServedAlready
from config.steps import step


class Command(BaseCommand):
    help = "Prepares everything and serves the site on this computer, with a demo to try."
    requires_system_checks = []  # what is an error is said below, in our words

    def add_arguments(self, parser: ArgumentParser) -> None:
        quickstart.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        data = Path(settings.DATA_DIR)
        try:
            with alone(data / ".lock", "another quickstart is busy in this folder"):
                prepare()
                demo = not options["no_demo"] and load_demo()
        except (OSError, OperationalError) as error:
            if "disk" in str(error) or "No space left" in str(error):
                sys.exit(f"The disk is full: free some space where {data} is, then type the same again.")
            raise
        except KeyboardInterrupt:
            sys.exit("\nStopped. Type the same again to go on from here.")
        for one in checks.errors():
            print(f"{one.msg}\n  {one.hint}", file=sys.stderr)
        if options["no_serve"]:
            print("Ready to be served: python3 manage.py quickstart")
        else:
            serve(options["port"], demo=demo)


def prepare() -> None:
    with step("database") as says:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", verbosity=0, interactive=False)
        where = near(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else "PostgreSQL"
        says(f"{where}, {len(plan)} changes" if plan else f"{where}, as it was")
    with step("static files") as says:
        static.collect(says)
    with step("help pages") as says:
        told = StringIO()
        call_command("pages", stdout=told)
        says(told.getvalue().strip())


def load_demo() -> bool:
    """Whether the demo is there now: it is never mixed with somebody's own content."""
    with step("demo") as says:
        try:
            call_command("demo", verbosity=0)
        except CommandError as refusal:
            says(f"left out: {refusal}")
            return False
        says("three webinars, lessons, people")
        return True


def near(path: Path | str) -> str:
    """A path as somebody standing here would type it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def serve(port: int, *, demo: bool) -> None:
    from config import server  # brings Twisted, which --no-serve has no use for

    people = sign_ins() if demo else first_steps(port)
    connection.close()  # this thread asks nothing more

    def ready() -> None:
        print(f"\nReady: http://localhost:{port}\n\n{people}\n")
        print(f"Everything is kept in {near(settings.DATA_DIR)}. Ctrl-C stops.", flush=True)

    try:
        server.run(quickstart.HOST, port, on_ready=ready)
    except KeyboardInterrupt:
        pass
    except (server.CannotListen, ServedAlready) as trouble:  # somebody was quicker than all these steps
        sys.exit(str(trouble))
    print("\nStopped.")


def sign_ins() -> str:
    """Who may sign in, as a table: role, e-mail, password, what to try."""
    accounts = import_module("webinars.demo.accounts").SIGN_INS
    rows = [("Sign in as", "e-mail", "password", "and try")]
    rows += [(str(one.role), one.email, one.password, str(one.what)) for one in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3]]) for row in rows]
    return "\n".join([*lines, "These passwords work on this computer only."])


def first_steps(port: int) -> str:
    code = first_run.prepare()
    return (
        first_run.invitation(code, f"http://localhost:{port}") if code else "Sign in with your own account."
    )

"""`manage.py serve`: the site on the product's own server, with its static files collected."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from config import checks, first_run
from config.processes import ServedAlready
from config.static import collect
from config.translations import compile_stale


class Command(BaseCommand):
    help = "Serves the site until it is told to stop (Ctrl-C or SIGTERM); visitors are told to come back."
    requires_system_checks = []  # what is an error is said below, in our words

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (all: 0.0.0.0)")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        from config.server import CannotListen, run  # brings Twisted, which nothing else needs

        if not 0 <= port <= 65535:
            raise CommandError(f"{port} is no port: give a number from 0 to 65535.")
        check_database()
        for one in checks.errors():
            self.stderr.write(f"{one.msg}\n  {one.hint}")
        compile_stale(Path(settings.BASE_DIR) / "site" / "locale", Path(settings.DATA_DIR) / "locale")
        collect()
        code = first_run.prepare()
        connection.close()  # its thread serves nobody

        def ready() -> None:
            self.stdout.write(f"Serving on http://{host}:{port}")
            if code:
                self.stdout.write(first_run.invitation(code))
            self.stdout.flush()

        try:
            run(host, port, on_ready=ready)
        except (CannotListen, ServedAlready) as trouble:
            raise CommandError(str(trouble)) from None


def check_database() -> None:
    """Refuses to serve over tables that do not fit the code."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        raise CommandError(
            f"The database cannot be opened ({error}): look at DATABASE_URL and DATA_DIR."
        ) from None
    if missing:
        raise CommandError(
            f"The database is {len(missing)} changes behind the code. Type: python3 manage.py migrate"
        )

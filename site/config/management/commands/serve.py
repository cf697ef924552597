"""`manage.py serve`: the site on the product's own server, with its static files collected."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.jobs import Worker
from config.static import collect


class Command(BaseCommand):
    help = "Serves the site until it is told to stop (Ctrl-C or SIGTERM): visitors are told to come back."
    requires_migrations_checks = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (all: 0.0.0.0)")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        # Twisted lets itself be imported once per kind of loop: after everything else is known to be right.
        from config.server import CannotListen, run

        if not 0 <= port <= 65535:
            raise CommandError(f"{port} is no port: give a number from 0 to 65535.")
        collect()
        worker = Worker()
        worker.start()
        try:
            run(host, port, on_ready=lambda: self.stdout.write(f"Serving on {host}:{port}"))
        except CannotListen as trouble:
            raise CommandError(str(trouble)) from None
        finally:
            worker.stop()

"""`manage.py pages`: the help, privacy and accessibility pages, after `migrate`. What people edited stays theirs."""

from typing import Any

from django.core.management.base import BaseCommand

from knowledge.actions import Installed, install_pages


class Command(BaseCommand):
    help = "Publishes the site's own pages in every language and renews those nobody here has edited."

    def handle(self, *args: Any, **options: Any) -> None:
        done = install_pages()
        if options["verbosity"] > 0:
            self.stdout.write(said(done))


def said(done: Installed) -> str:
    counts = ((done.new, "new"), (done.renewed, "renewed"), (done.kept, "kept as edited here"))
    return ", ".join(f"{number} {word}" for number, word in counts if number) or "as they were"

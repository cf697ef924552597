"""`manage.py reindex`: makes the search know exactly what is published now."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.writing import writing
from knowledge.models import SearchEntry, SearchState, SearchStem, SearchVocab
from knowledge.search import remove_entries, replace_entries, sources

SAID_EVERY = 200
AT_ONCE = 200  # rows that --from-scratch deletes in one transaction


class Command(BaseCommand):
    help = "Rebuilds the search index from everything that is published. Safe while the site runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from-scratch",
            action="store_true",
            help="Forget everything first: counts begin at nothing, and for a moment nothing is found.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["from_scratch"]:
            forget_everything()
        kept: set[str] = set()
        written = 0
        for name, source in sorted(sources.items()):
            number = 0
            for key, entries in source():
                number += 1
                if entries:
                    kept.add(key)
                written += rested(replace_entries, key, entries)
                if number % SAID_EVERY == 0:
                    self.stdout.write(f"{name}: {number} …")
            self.stdout.write(f"{name}: {number}")
        gone = sorted(set(SearchEntry.objects.values_list("parent", flat=True).distinct()) - kept)
        for key in gone:
            rested(remove_entries, key)
        self.stdout.write(f"{written} written, {len(gone)} removed, {len(kept) - written} as they were")


def rested(deed: Any, *arguments: Any) -> bool:
    """Does it, then leaves the database to others for as long as it took: the live room must not wait for us."""
    began = time.monotonic()
    changed = bool(deed(*arguments))
    if changed:
        time.sleep(time.monotonic() - began)
    return changed


def forget_everything() -> None:
    for model in (SearchEntry, SearchVocab, SearchStem, SearchState):
        while rested(_delete_some, model):
            pass


def _delete_some(model: Any) -> bool:
    ids = list(model.objects.values_list("pk", flat=True)[:AT_ONCE])
    if ids:
        with writing():
            model.objects.filter(pk__in=ids).delete()
    return bool(ids)

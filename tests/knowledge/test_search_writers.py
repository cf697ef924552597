"""Writers of the index at the same time: nothing is lost, and every count stays what the entries say."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from knowledge.models import SearchEntry, SearchState, SearchStem, SearchVocab
from knowledge.search import Entry, remove_entries, replace_entries

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ["library", "bus", "bank", "village", "signature", "school", "people", "market"]


def at_once(*deeds: Callable[[], None]) -> None:
    """Runs the deeds in threads of their own that start together; raises what any of them raised."""
    start, failed = Barrier(len(deeds)), []

    def run(deed: Callable[[], None]) -> None:
        try:
            start.wait(30)
            deed()
        except Exception as problem:
            failed.append(problem)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed
    assert not any(thread.is_alive() for thread in threads)


def writer(seed: int) -> Callable[[], None]:
    """Keeps replacing and removing the same three texts with words that others write, too."""

    def write() -> None:
        for step in range(15):
            number = (seed + step) % 3
            if step % 5 == seed:
                remove_entries(f"guide:{number}")
            else:
                text = " ".join(WORDS[(seed * step + n) % 8] for n in range(4))
                entry = Entry("guide", number, "en", "lesson", f"Text {seed}", text, f"/knowledge/{number}/")
                replace_entries(f"guide:{number}", [entry])

    return write


def test_writers_at_the_same_time_leave_the_counts_that_the_entries_have() -> None:
    at_once(*(writer(seed) for seed in range(4)))
    entries = list(SearchEntry.objects.all())
    stems: Counter[str] = Counter()
    for entry in entries:
        stems.update({*entry.terms_title.split(), *entry.terms_body.split()})
    assert dict(SearchStem.objects.values_list("stem", "df")) == dict(stems)
    assert sum(SearchVocab.objects.values_list("df", flat=True)) == sum(
        len({*entry.words_title.split(), *entry.plain.split()} - {"0", "1", "2", "3"}) for entry in entries
    )
    state = SearchState.objects.get()
    assert state.entries == len(entries)
    assert state.terms == sum(entry.n_terms for entry in entries)
    assert len({entry.parent for entry in entries}) == len(entries)

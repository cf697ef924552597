"""What a reader gets: which edition, how long it takes, and how the page is told apart from an older one."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import escape

from knowledge.models import Edition

# Words a minute of silent reading (Trauzettel-Klosinski and Dietz 2012, doi:10.1167/iovs.11-8284: English 228, Finnish
# 161, Russian 184, Turkish 166). Estonian is taken as Finnish, Ukrainian as Russian, Mongolian as Turkish.
SPEED = {"en": 228, "et": 161, "fi": 161, "uk": 184, "ru": 184, "mn": 166}
OTHERS = 184


def minutes(words: int, language: str) -> int:
    """Reading time in whole minutes, at least one."""
    return max(1, round(words / SPEED.get(language.split("-")[0], OTHERS)))


def best_edition(editions: Sequence[Edition], reads: Iterable[str]) -> Edition:
    """The edition in the first language the reader reads, else the original, else any. `editions` is not empty."""
    for code in reads:
        for edition in editions:
            if edition.language == code or edition.language.split("-")[0] == code.split("-")[0]:
                return edition
    for edition in editions:
        if edition.language == edition.guide.source_language:
            return edition
    return editions[0]


def one_a_guide(editions: Iterable[Edition], reads: Sequence[str], most: int) -> list[Edition]:
    """Of editions in any order one for each guide, the best for the reader, guides in the order they came."""
    by_guide: dict[int, list[Edition]] = {}
    for edition in editions:
        by_guide.setdefault(edition.guide_id, []).append(edition)
    return [best_edition(group, reads) for group in by_guide.values()][:most]


def with_sources_named(html: str, sources: Iterable[Mapping[str, str]]) -> str:
    """Where a text cites, the mark says what stands there: the renderer knows no more of a source than its key."""
    for source in sources:
        words = ", ".join(filter(None, (source.get(part) for part in ("title", "publisher", "year"))))
        mark = f'href="#source-{source["key"]}" title="'
        html = html.replace(f'{mark}{source["key"]}"', f'{mark}{escape(words)}"')
    return html


def fingerprint(*shown: object) -> str:
    """An ETag of everything a page shows; what is the same has the same one."""
    return f'"{hashlib.sha256(repr(shown).encode()).hexdigest()[:32]}"'

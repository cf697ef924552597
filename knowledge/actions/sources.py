"""Adding what claims rest on."""

import re

from accounts.writing import writing
from knowledge.models import Source
from knowledge.rendering.citations import KEY


def add_source(
    key: str,
    *,
    title: str,
    publisher: str = "",
    url: str = "",
    year: str = "",
    kind: str = Source.Kind.DOCUMENT,
    language: str = "",
) -> Source:
    """A new source under this key. A key that exists already gives the source that has it, unchanged.

    Raises ValueError when the key could not be cited: letters, digits and . _ : - between them, at most 40.
    """
    if not re.fullmatch(KEY, key):
        raise ValueError(f"{key!r} cannot be cited as [@{key}]")
    with writing():
        source, _ = Source.objects.get_or_create(
            key=key,
            defaults={
                "title": title,
                "publisher": publisher,
                "url": url,
                "year": year,
                "kind": kind,
                "language": language,
            },
        )
    return source

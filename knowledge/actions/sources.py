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


def source_at(url: str, *, title: str = "", publisher: str = "", year: str = "") -> Source:
    """The source at this address; a new one, under the next free key of its kind, where nobody has named it yet.

    For people who only have a link: keys are for those who write texts.
    """
    with writing():
        found = Source.objects.filter(url=url).order_by("pk").first()
        if found is not None:
            return found
        taken = Source.objects.filter(key__startswith="WEB-").values_list("key", flat=True)
        numbers = [int(key[4:]) for key in taken if key[4:].isdigit()]
        return add_source(
            f"WEB-{max(numbers, default=0) + 1:02}", title=title or url, publisher=publisher, url=url,
            year=year, kind=Source.Kind.PAGE,
        )  # fmt: skip

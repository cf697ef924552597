"""What other apps have to say about a guide: they register, so that knowledge need not know them.

from knowledge import related
related.register(mentions_in_webinars)          # in the app's ready()
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypedDict

from knowledge.models import Guide


class Mention(TypedDict, total=False):
    """Where something in the guide was asked or said. Only `quote` and `url` must be there."""

    quote: str
    language: str  # of the quote
    anchor: str  # the section of the guide it belongs to, or ""
    speaker: str
    said_at: datetime | None
    title: str  # of the webinar, or whatever the link leads to
    url: str
    note: str  # "answered", "86 wanted to know": words of the reader's language


Finder = Callable[[Guide], Sequence[Mention]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """From now on every guide's page asks this function, which should need one query."""
    if finder not in _finders:
        _finders.append(finder)


def mentions(guide: Guide) -> list[Mention]:
    """What all of them say, in the order in which they registered."""
    return [mention for finder in _finders for mention in finder(guide)]

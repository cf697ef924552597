"""Words as they may stand inside other words: without signs that turn round what comes after them."""

import re

# Embeddings, overrides and isolates of UAX 9. The marks (U+200E, U+200F) and joiners stay: scripts need them, and they
# turn nothing round.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def unturned(text: str) -> str:
    """A name that would show the date behind it backwards does so no more."""
    return _TURNING.sub("", text)


def one_line(text: str) -> str:
    """A name, a place, a title: one line, single blanks, nothing that turns what follows."""
    return " ".join(unturned(text).replace("\x00", "").split())

"""Where words begin and end in a text, and the one way each of them is written in the index."""

import re
import unicodedata
from collections.abc import Iterator

# Typed, typographic and modifier-letter apostrophes, and what people type for them: об'єкт, об’єкт, обʼєкт.
APOSTROPHES = "'’ʼ`´‘ʹ＇"
# Letters and digits; inside a word also combining marks (и + U+0306 is й), soft hyphens and zero-width joiners,
# and an apostrophe when a letter follows it.
_INSIDE = rf"[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060]|[{APOSTROPHES}]+(?=[^\W_])"
WORD = re.compile(rf"[^\W_](?:{_INSIDE})*")
_DROPPED = dict.fromkeys(map(ord, APOSTROPHES))  # U+02BC and U+02B9 would pass for letters
LONGEST = 60  # longer runs of letters are nobody's word; they are cut, in the index and in queries alike


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of a text with their places in it."""
    return WORD.finditer(text)


def normalise(word: str) -> str:
    """One way of writing: NFKC, lower case, no apostrophes, no stress marks; nothing but letters and digits.

    Composing comes first, so й and ї are letters of their own and stay; what is still a combining mark
    afterwards is a stress mark (за́мок) and goes. May be empty.
    """
    if word.isascii() and word.isalnum():  # most words of the Latin script: nothing else can apply
        return word.lower()[:LONGEST]
    composed = unicodedata.normalize("NFKC", word).lower().translate(_DROPPED)
    return "".join(filter(str.isalnum, composed))[:LONGEST]

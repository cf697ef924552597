"""What a person typed, taken apart: words, "phrases", -exclusions and tag: lang: country: kind: filters.

Nothing of it reaches an engine as it was typed: words go through the analysers, which leave letters and
digits, and the filters are compared as values. Any input is a query; none is an error.
"""

import re
from dataclasses import dataclass

LONGEST = 300  # characters that are read; no question is longer
MOST_WORDS = 16

_PIECE = re.compile(r'(-?)(?:(tag|lang|country|kind):)?(?:"([^"]*)"?|([^\s"]+))', re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """The parts of what was typed. `words` holds those of the phrases, too: they are ranked like any."""

    text: str = ""
    words: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.topics or self.languages or self.countries or self.kinds)


def parse(typed: str) -> Query:
    """Never raises, whatever is typed."""
    text = " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", typed[:LONGEST]).translate(_QUOTES).split())
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    filters: dict[str, list[str]] = {"tag": [], "lang": [], "country": [], "kind": []}
    for minus, field, quoted, bare in _PIECE.findall(text):
        value = (quoted or bare).strip()
        if not any(map(str.isalnum, value)) or value.lower() in _UNFINISHED:
            continue
        if field:
            filters[field.lower()].append(value)
        elif minus:
            excluded.append(value)
        else:
            words.append(value)
            if quoted:
                phrases.append(value)
    return Query(
        text=text,
        words=" ".join(" ".join(words).split()[:MOST_WORDS]),
        phrases=tuple(phrases[:4]),
        excluded=tuple(excluded[:8]),
        topics=tuple("-".join(topic.lower().split()) for topic in filters["tag"]),
        languages=tuple(lang.lower() for lang in filters["lang"]),
        countries=tuple(country.upper() for country in filters["country"]),
        kinds=tuple(kind.lower() for kind in filters["kind"]),
    )


_UNFINISHED = {"tag:", "lang:", "country:", "kind:"}
_QUOTES = str.maketrans("“”„«»‟＂", '"' * 7)

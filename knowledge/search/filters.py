"""Which entries may be found at all: the scopes of the person, and what the reader narrowed the search to."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

Where = tuple[str, list[str]]


class Tally(NamedTuple):
    """How many parents of found entries share these values."""

    kind: str
    lang: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Filters:
    """`scopes` and `under` (what an address begins with) always apply; an empty collection else means "any"."""

    scopes: Collection[str]
    kinds: Collection[str] = ()
    countries: Collection[str] = ()
    topics: Collection[str] = ()
    languages: Collection[str] = ()
    under: str = ""

    def sql(self) -> Where:
        """A condition on knowledge_searchentry AS e and its parameters; the same words on either engine."""
        parts = [_one_of("e.scope", self.scopes)]
        if self.under:
            parts.append(("e.url LIKE %s ESCAPE '!'", [f"{self.under.translate(_LIKE)}%"]))
        if self.kinds:
            parts.append(_one_of("e.kind", self.kinds))
        if self.languages:
            parts.append(_one_of("e.lang", self.languages))
        if self.countries:
            parts.append(_has_any("e.countries", self.countries))
        if self.topics:
            parts.append(_has_any("e.topics", self.topics))
        return " AND ".join(part for part, _ in parts), [value for _, values in parts for value in values]

    def keeps(self, found: Tally, *, but: str = "") -> bool:
        """Whether it passes what the reader narrowed to, leaving one of the fields aside (for its own counts)."""
        return (
            (but == "kind" or not self.kinds or found.kind in self.kinds)
            and (but == "lang" or not self.languages or found.lang in self.languages)
            and (
                but == "country" or not self.countries or not set(self.countries).isdisjoint(found.countries)
            )
            and (but == "topic" or not self.topics or not set(self.topics).isdisjoint(found.topics))
        )

    @property
    def narrow(self) -> bool:
        return bool(self.kinds or self.countries or self.topics or self.languages)

    def only_scopes(self) -> "Filters":
        return Filters(self.scopes, under=self.under)


def _one_of(column: str, values: Collection[str]) -> Where:
    if not values:
        return "1 = 0", []  # nobody's scopes find nothing
    return f"{column} IN ({', '.join(['%s'] * len(values))})", list(values)


def _has_any(column: str, values: Collection[str]) -> Where:
    """The column holds a list as " EE UA "."""
    patterns = [f"% {value.translate(_LIKE)} %" for value in values]
    return "(" + " OR ".join([f"{column} LIKE %s ESCAPE '!'"] * len(patterns)) + ")", patterns


_LIKE = {ord(sign): f"!{sign}" for sign in "!%_"}


def joined(values: Collection[str]) -> str:
    """The form in which countries and topics are stored, so that one LIKE finds any of them."""
    clean = dict.fromkeys("-".join(value.split()) for value in values)
    clean.pop("", None)
    return f" {' '.join(clean)} " if clean else ""

"""What the writer hands over: the text of an edition, and what is said once for all languages."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from knowledge.models import Draft, Guide, Revision, Term


@dataclass(frozen=True)
class Text:
    """An edition's own words. `facts` holds dated results and other typed facts of this language's text."""

    title: str
    summary: str = ""
    body: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, written: "Draft | Revision") -> Self:
        return cls(written.title, written.summary, written.body, written.facts)

    @classmethod
    def of_form(cls, fields: Mapping[str, Any]) -> Self:
        return cls(fields.get("title") or "", fields.get("summary") or "", fields.get("body") or "")


@dataclass(frozen=True)
class Details:
    """What is true of the guide in every language. Terms are names, in the language of the text they come with."""

    countries: Sequence[str] = ()  # ISO 3166-1 alpha-2
    period_from: int | None = None
    period_to: int | None = None
    topics: Sequence[str] = ()
    target_groups: Sequence[str] = ()
    partners: Sequence[str] = ()
    tags: Sequence[str] = ()
    sources: Sequence[str] = ()  # keys; what the text cites is added by itself
    review_by: str = ""  # ISO date
    licence: str = "CC BY 4.0"

    @classmethod
    def of(cls, guide: Guide, language: str) -> Self:
        """As they stand on the guide. Three queries."""
        names: dict[str, list[str]] = {}
        for term in guide.terms.all():
            names.setdefault(term.kind, []).append(term.names.best([language]).text or term.name)
        return cls(
            countries=tuple(guide.countries),
            period_from=guide.period_from,
            period_to=guide.period_to,
            topics=tuple(names.get(Term.Kind.TOPIC, ())),
            target_groups=tuple(names.get(Term.Kind.TARGET_GROUP, ())),
            partners=tuple(names.get(Term.Kind.PARTNER, ())),
            tags=tuple(names.get(Term.Kind.TAG, ())),
            sources=tuple(guide.sources.values_list("key", flat=True)),
            review_by=guide.review_by.isoformat() if guide.review_by else "",
            licence=guide.licence,
        )

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """From a draft's `details`; what an older program stored under other names is passed over."""
        return cls(**{key: value for key, value in stored.items() if key in cls.__dataclass_fields__})

    def to_json(self) -> dict[str, Any]:
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()
        }

    def names_by_kind(self) -> dict[str, Sequence[str]]:
        return {
            Term.Kind.TOPIC: self.topics,
            Term.Kind.TARGET_GROUP: self.target_groups,
            Term.Kind.PARTNER: self.partners,
            Term.Kind.TAG: self.tags,
        }

    def review_date(self) -> date | None:
        return date.fromisoformat(self.review_by) if self.review_by else None

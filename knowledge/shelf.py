"""What stands on the shelf, narrowed by several things at once, and how many each further choice would leave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType

from knowledge.models import Edition, Guide, TaggedTerm, Term

FIELDS = ("kind", "country", "topic", "target", "language")
# Which field of the shelf a term belongs to; partners are found by the search.
FIELD_OF = {Term.Kind.TOPIC: "topic", Term.Kind.TAG: "topic", Term.Kind.TARGET_GROUP: "target"}
Chosen = Mapping[str, Sequence[str]]
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OnShelf:
    """One guide as it can be narrowed to: its values by field, and when it was first published."""

    pk: int
    values: dict[str, frozenset[str]]
    since: datetime

    def fits(self, chosen: Chosen, *, but: str = "") -> bool:
        """Has it one of the values chosen in each field? `but` names a field that does not count."""
        return all(
            not self.values[field].isdisjoint(chosen[field])
            for field in FIELDS
            if field != but and chosen.get(field)
        )


def shelf() -> list[OnShelf]:
    """All that readers can open and people wrote, in three queries: a shelf of thousands fits into memory."""
    languages: dict[int, set[str]] = {}
    since: dict[int, datetime] = {}
    editions = Edition.objects.published().filter(guide__key=None).order_by()
    for pk, language, first in editions.values_list("guide", "language", "first_published_at"):
        languages.setdefault(pk, set()).add(language)
        since[pk] = max(since.get(pk, _EVER), first or _EVER)
    terms: dict[tuple[int, str], set[str]] = {}
    ours = ContentType.objects.get_for_model(Guide)
    uses = TaggedTerm.objects.filter(content_type=ours, tag__kind__in=FIELD_OF)
    for pk, kind, slug in uses.order_by().values_list("object_id", "tag__kind", "tag__slug"):
        terms.setdefault((pk, FIELD_OF[Term.Kind(kind)]), set()).add(slug)
    guides = Guide.objects.on_the_shelf().order_by().values_list("pk", "kind", "countries")
    return [
        OnShelf(
            pk,
            {
                "kind": frozenset([kind]),
                "country": frozenset(countries),
                "topic": frozenset(terms.get((pk, "topic"), ())),
                "target": frozenset(terms.get((pk, "target"), ())),
                "language": frozenset(languages[pk]),
            },
            since[pk],
        )
        for pk, kind, countries in guides
        if pk in languages
    ]


def narrowed(everything: Sequence[OnShelf], chosen: Chosen, reads: Sequence[str]) -> list[int]:
    """Ids of those that fit: what the reader's first language has before what it has not, then the newest."""
    fitting = [one for one in everything if one.fits(chosen)]
    first = set(reads[:1])
    order = sorted(
        fitting,
        key=lambda one: (not first.isdisjoint(one.values["language"]), one.since, one.pk),
        reverse=True,
    )
    return [one.pk for one in order]


def counts(everything: Sequence[OnShelf], chosen: Chosen, field: str) -> Counter[str]:
    """How many guides each value of this field would show, with what is chosen in the other fields."""
    return Counter(value for one in everything if one.fits(chosen, but=field) for value in one.values[field])

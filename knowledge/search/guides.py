"""What of a guide is found: the guide itself, and a section for every heading of its published text."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import translation

from knowledge.models import Edition, Term
from knowledge.pages import filled_text
from knowledge.search.index import Entry, replace_entries


def key_of(edition: Edition) -> str:
    """The key the entries of an edition are replaced by."""
    return f"guide:{edition.guide_id}:{edition.language}"


def entries_for(edition: Edition) -> list[Entry]:
    """The entries of an edition as readers see it now; none when it is not, or no longer, published.

    A withdrawn text stays readable under its notice, but is not found.
    """
    revision = edition.live
    if edition.state != Edition.State.PUBLISHED or revision is None:
        return []
    # In an order of their own, so that a reindex finds nothing to change.
    terms = sorted(edition.guide.terms.all(), key=lambda term: term.pk)
    texts = {section.id: section for section in revision.sections()}
    opening = texts.pop("", None)
    whole = _entry(edition, terms, text="\n".join(filter(None, [revision.summary, opening and opening.text])))
    parts = [_entry(edition, terms, anchor=s.id, heading=s.title, text=s.text) for s in texts.values()]
    return [whole, *parts]


def index_guide(guide_id: int) -> None:
    """All editions of a guide as they are now: they share its topics and countries. Call it after the commit."""
    for edition in Edition.objects.filter(guide=guide_id).select_related("guide", "live"):
        replace_entries(key_of(edition), entries_for(edition))


def everything() -> Iterator[tuple[str, list[Entry]]]:
    """Every published edition with its key, for a reindex."""
    editions = Edition.objects.published().select_related("guide", "live").prefetch_related("guide__terms")  # type: ignore[misc]  # taggit has no types
    for edition in editions.iterator(chunk_size=50):
        yield key_of(edition), entries_for(edition)


def _entry(edition: Edition, terms: list[Term], *, text: str, anchor: str = "", heading: str = "") -> Entry:
    guide, revision = edition.guide, edition.live
    assert revision is not None
    return Entry(
        content_type="guide",
        object_id=guide.pk,
        lang=edition.language,
        kind=guide.kind,
        title=revision.title,
        heading=heading,
        anchor=anchor,
        text=filled_text(text, edition.language) if guide.key else text,
        url=_url(edition),
        # The whole is found by its topics; each section would repeat them.
        keywords=""
        if anchor
        else " ".join(term.names.best([edition.language]).text or term.name for term in terms),
        countries=tuple(guide.countries),
        topics=tuple(term.slug for term in terms),
        published_at=edition.published_at,
    )


def _url(edition: Edition) -> str:
    """Where the text is, without the interface language in front: whoever searches puts in their own."""
    with translation.override("en"):
        address = reverse("knowledge:guide", kwargs={"pk": edition.guide_id, "slug": edition.slug})
    return address.removeprefix("/en")

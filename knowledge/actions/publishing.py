"""Publishing: an edition's live text becomes one new immutable revision; withdrawing keeps it under a notice."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.writing import writing
from knowledge.actions.drafts import Conflict
from knowledge.actions.shapes import Details, Text
from knowledge.actions.terms import set_terms
from knowledge.announce import guide_shown
from knowledge.markdown import clean, mint_ids, render
from knowledge.models import Draft, Edition, Revision, Source
from knowledge.rendering.citations import cited_keys
from knowledge.search.guides import index_guide
from knowledge.slugs import slugify


def publish_revision(
    edition: Edition,
    author: User | None,
    text: Text,
    *,
    base: Revision | None,
    details: Details | None = None,
    based_on: Revision | None = None,
    significance: str = Revision.Significance.MAJOR,
    change_note: str = "",
    credits: str = "",
) -> Revision:
    """Makes the text a revision and shows it to readers. The author's draft of the edition is gone afterwards.

    `author` is None for what comes with the program, `base` the live revision the text was written from,
    `based_on` what it translates. Raises Conflict when another revision went live since; TooComplex or NotRendered
    (knowledge.markdown) when the text cannot be laid out. Nothing has changed then, and the draft is still there.
    """
    body = mint_ids(clean(text.body), edition.language)
    wanted = cited_keys(body) | set(details.sources if details else ())
    sources = {source.key: source for source in Source.objects.filter(key__in=wanted)}
    rendered = render(body, known=sources.keys(), language=edition.language)
    now = timezone.now()
    with writing():
        edition = (
            Edition.objects.select_for_update(of=("self",)).select_related("guide", "live").get(pk=edition.pk)
        )
        if edition.live_id != (base.pk if base else None):
            assert edition.live is not None
            raise Conflict(edition.live, text)
        if details is not None:
            _set_details(edition, details, sources.values())
        newest = edition.revisions.aggregate(newest=Max("number"))["newest"]
        revision = Revision.objects.create(
            edition=edition,
            number=(newest or 0) + 1,
            title=clean(text.title),
            summary=clean(text.summary),
            body=body,
            facts=dict(text.facts),
            based_on=based_on,
            parent=base,
            significance=significance,
            change_note=change_note,
            author=author,
            credits=credits,
            html=rendered.html,
            toc=rendered.toc,
            plain=rendered.plain,
            words=rendered.words,
            citations=_in_order(rendered.citations, sources),
        )
        edition.live = revision
        edition.slug = _slug(edition, revision.title)
        edition.state = Edition.State.PUBLISHED
        edition.withdrawn_at, edition.withdrawal_note = None, ""
        edition.published_at = now
        edition.first_published_at = edition.first_published_at or now
        edition.save()
        if author is not None:
            Draft.objects.filter(edition=edition, person=author).delete()
        guide_shown(edition.guide_id)
    _index(edition)
    return revision


def withdraw(edition: Edition, *, why: str) -> None:
    """Readers keep the text, under a dated notice that it no longer holds; the search forgets it."""
    with writing():
        edition.state = Edition.State.WITHDRAWN
        edition.withdrawn_at, edition.withdrawal_note = timezone.now(), why
        edition.save(update_fields=["state", "withdrawn_at", "withdrawal_note"])
        guide_shown(edition.guide_id)
    _index(edition)


def _set_details(edition: Edition, details: Details, sources: Iterable[Source]) -> None:
    guide = edition.guide
    guide.countries = list(details.countries)
    guide.period_from, guide.period_to = details.period_from, details.period_to
    guide.review_by = details.review_date()
    guide.licence = details.licence
    guide.save()
    guide.sources.set(sources)
    set_terms(guide, details.names_by_kind(), edition.language)


def _in_order(numbered: Sequence[str], sources: dict[str, Source]) -> list[dict[str, Any]]:
    """The sources as the page lists them: those the text cites by their numbers, then the others.

    A copy, so that the page reads them without a query and a reader of this revision sees what its author saw.
    """
    rest = sorted(sources.keys() - set(numbered))
    shown = ("key", "title", "publisher", "url", "year", "kind", "language")
    return [{name: getattr(sources[key], name) for name in shown} for key in (*numbered, *rest)]


def _slug(edition: Edition, title: str) -> str:
    """From the title; two editions of a guide never share one, so that an address tells which is meant."""
    slug = slugify(title, edition.language, fallback=edition.guide.kind)
    others = Edition.objects.filter(guide=edition.guide_id, slug=slug).exclude(pk=edition.pk)
    return f"{slug}-{edition.language.lower()}" if others.exists() else slug


def _index(edition: Edition) -> None:
    """After the commit: the search writes its own short transaction, and a reindex mends what a crash left out."""
    index_guide(edition.guide_id)

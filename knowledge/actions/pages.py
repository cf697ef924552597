"""Puts the site's own pages into the knowledge base and brings them up to date; done again it changes nothing."""

from typing import NamedTuple

from accounts.writing import writing
from knowledge.actions.drafts import Conflict
from knowledge.actions.publishing import publish_revision
from knowledge.actions.shapes import Text
from knowledge.markdown import clean, mint_ids
from knowledge.models import Edition, Guide, Revision
from knowledge.pages import ORIGINAL, Page, read_pages
from knowledge.slugs import slugify


class Installed(NamedTuple):
    """How many texts (a page in a language) were new, renewed, or left alone because people here changed them."""

    new: int = 0
    renewed: int = 0
    kept: int = 0


def install_pages() -> Installed:
    """Publishes every page in every language that is not there, and renews those that are still ours.

    Ours is what nobody here has written on: its live revision has no author. What somebody edited or withdrew stays.
    """
    new = renewed = kept = 0
    for page in read_pages():
        edition = _edition(page)
        if edition.live is None:
            new += _publish(edition, page)
        elif edition.live.author_id is not None or edition.state != Edition.State.PUBLISHED:
            kept += 1
        elif not _is_same(edition.live, page):
            renewed += _publish(edition, page)
    return Installed(new, renewed, kept)


def _edition(page: Page) -> Edition:
    there = Edition.objects.filter(guide__key=page.key, language=page.language).select_related("live")
    if (edition := there.first()) is not None:
        return edition
    with writing():
        guide, _ = Guide.objects.get_or_create(
            key=page.key, defaults={"kind": Guide.Kind.PAGE, "source_language": ORIGINAL}
        )
        slug = slugify(page.title, page.language, fallback=page.key)
        edition, _ = Edition.objects.get_or_create(
            guide=guide, language=page.language, defaults={"slug": slug}
        )
    return edition


def _is_same(live: Revision, page: Page) -> bool:
    shown = (clean(page.title), clean(page.summary), mint_ids(clean(page.body), page.language))
    return (live.title, live.summary, live.body) == shown


def _publish(edition: Edition, page: Page) -> bool:
    original = (
        Revision.objects.filter(edition__guide=edition.guide_id, edition__language=ORIGINAL, author=None)
        .order_by("-number")
        .first()
    )
    try:
        publish_revision(
            edition, None, Text(page.title, page.summary, page.body), base=edition.live,
            based_on=original if page.language != ORIGINAL else None,
            significance=Revision.Significance.MINOR,
        )  # fmt: skip
    except Conflict:  # somebody published between our look and our press: theirs it is
        return False
    return True

"""Reading: the page of a guide in one of its languages, and its Markdown twin."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.languages import INTERFACE
from config.languages import offered
from knowledge import related
from knowledge.models import Draft, Edition, Term
from knowledge.pages import ORIGINAL, filled_html, filled_text, is_unfilled
from knowledge.policies import can
from knowledge.reading import best_edition, minutes, one_a_guide, with_sources_named
from knowledge.views.caching import conditional, reads, signed_in

MOST_RELATED = 4
SHOWN_AS_FACTS = (
    (Term.Kind.TARGET_GROUP, gettext_lazy("Target groups")),
    (Term.Kind.PARTNER, gettext_lazy("Partners")),
    (Term.Kind.TAG, gettext_lazy("Tags")),
)


@require_safe
def guide(request: HttpRequest, pk: int, slug: str = "") -> HttpResponseBase:
    """Three queries and what other apps ask (knowledge.related); the text itself is ready-made."""
    editions = list(Edition.objects.for_reading().filter(guide_id=pk))
    if not editions:
        return _unread(request, pk)
    edition = _meant(editions, slug)
    if edition is None:
        return _moved(request, best_edition(editions, reads(request)))
    own = _in_interface_language(editions)
    if own and own != edition and edition.language in offered():
        # The language menu changes only the front of the address: the reader wants this guide in that language.
        return redirect("knowledge:guide", pk=pk, slug=own.slug)
    context = _page(request, editions, edition)
    changed = (edition.withdrawn_at or edition.published_at or edition.guide.created_at).timestamp()
    response = render(request, "knowledge/guide.html", context)
    return conditional(request, response, response.content, changed=changed)


@require_safe
def markdown(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    """The text as it is stored, with its facts in front, for other tools and other people's sites."""
    published = Edition.objects.published().select_related("guide", "live", "live__author")
    editions = list(published.filter(guide_id=pk).order_by("language"))
    if not editions:
        raise Http404
    edition = _meant(editions, slug)
    if edition is None:
        return _moved(request, best_edition(editions, reads(request)), "knowledge:markdown")
    text = _with_facts(request, edition)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    return conditional(request, response, text)


def _meant(editions: Sequence[Edition], slug: str) -> Edition | None:
    """Slugs tell the editions of a guide apart (knowledge.actions.publishing sees to it)."""
    return next((edition for edition in editions if edition.slug == slug), None)


def _in_interface_language(editions: Sequence[Edition]) -> Edition | None:
    return next((edition for edition in editions if edition.language == get_language()), None)


def _moved(request: HttpRequest, edition: Edition, name: str = "knowledge:guide") -> HttpResponseBase:
    """A title that changed must not break what was linked. Kept for a short time: it may change back."""
    address = reverse(name, kwargs={"pk": edition.guide_id, "slug": edition.slug})
    response = redirect(address, permanent=True)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _unread(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Nobody has published it yet: its writer is led to the editor, everybody else finds nothing."""
    person = signed_in(request)
    drafts = Draft.objects.filter(edition__guide_id=pk, person=person).select_related("edition")
    draft = drafts.first() if person else None
    if draft is None:
        raise Http404
    return redirect("knowledge:edit", pk=pk, language=draft.edition.language)


def _page(request: HttpRequest, editions: Sequence[Edition], edition: Edition) -> dict[str, Any]:
    guide, revision, person = edition.guide, edition.live, signed_in(request)
    assert revision is not None
    terms = list(guide.terms.order_by("name"))
    html = filled_html(revision.html, edition.language) if guide.key else revision.html
    others = Edition.objects.related_to(guide)[: MOST_RELATED * len(INTERFACE)]
    return {
        "section": "knowledge",
        "guide": guide,
        "edition": edition,
        "revision": revision,
        "languages": [(other, _address(other)) for other in editions],
        "html": with_sources_named(html, revision.citations),
        "unfilled": bool(guide.key) and is_unfilled(revision.html, edition.language),
        "contents": [entry for entry in revision.toc if entry["level"] <= 3],
        "minutes": minutes(revision.words, edition.language),
        "kinds_of_terms": [
            (label, [term for term in terms if term.kind == kind]) for kind, label in SHOWN_AS_FACTS
        ],
        "topics": [term for term in terms if term.kind == Term.Kind.TOPIC],
        "related": one_a_guide(others, reads(request), MOST_RELATED),
        "mentions": related.mentions(guide),
        "may_write": can(person, "write", edition),
        "may_translate": not _in_interface_language(editions)
        and can(person, "write", Edition(guide=guide, language=get_language() or ORIGINAL)),
        "may_withdraw": can(person, "withdraw", edition),
    }


def _address(edition: Edition) -> str:
    """An edition in a language of our pages is read with them in it; others stay where one is."""
    address = reverse("knowledge:guide", kwargs={"pk": edition.guide_id, "slug": edition.slug})
    now = get_language() or settings.LANGUAGE_CODE
    return (
        f"/{edition.language}{address.removeprefix(f'/{now}')}" if edition.language in offered() else address
    )


def _with_facts(request: HttpRequest, edition: Edition) -> str:
    """YAML front matter, each value written as JSON, which YAML reads as it is."""
    guide, revision = edition.guide, edition.live
    assert revision is not None
    address = reverse("knowledge:guide", kwargs={"pk": guide.pk, "slug": edition.slug})
    facts = {
        "title": revision.title,
        "summary": revision.summary,
        "language": edition.language,
        "kind": guide.kind,
        "countries": guide.countries,
        "period": [guide.period_from, guide.period_to],
        "terms": [term.name for term in guide.terms.all()],
        "author": revision.author.name if revision.author else "",
        "credits": revision.credits,
        "revision": revision.number,
        "published": edition.published_at and edition.published_at.isoformat(timespec="seconds"),
        "withdrawn": edition.withdrawn_at and edition.withdrawn_at.isoformat(timespec="seconds"),
        "reviewed": False,
        "licence": guide.licence,
        "address": request.build_absolute_uri(address),
        "sources": revision.citations,
    }
    front = "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items() if value
    )
    body = filled_text(revision.body, edition.language) if guide.key else revision.body
    return f"---\n{front}\n---\n\n# {revision.title}\n\n{body}\n"

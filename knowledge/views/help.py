"""Help: the list of the site's own pages, and short addresses that lead to each in the reader's language."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.middleware import front_language
from knowledge.models import Edition
from knowledge.models.guides import HEAVY
from knowledge.pages import KEYS, ROLES
from knowledge.reading import best_edition
from knowledge.views.caching import conditional, reads


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """For each part in a webinar its guide, then what holds for everybody. One query."""
    by_key: dict[str, list[Edition]] = {}
    published = Edition.objects.published().filter(guide__key__in=KEYS)
    for edition in published.select_related("guide", "live").defer(*HEAVY).order_by("language"):
        by_key.setdefault(str(edition.guide.key), []).append(edition)
    found = [(key, best_edition(by_key[key], reads(request))) for key in KEYS if key in by_key]
    context = {
        "section": "help",
        "for_parts": [edition for key, edition in found if key in ROLES],
        "for_everybody": [edition for key, edition in found if key not in ROLES],
    }
    response = render(request, "knowledge/help.html", context)
    return conditional(request, response, response.content)


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """The guide itself, wherever it lies now; a page that is not there (yet) leads to the list of those that are."""
    editions = list(
        Edition.objects.published().filter(guide__key=key).select_related("guide").order_by("language")
    )
    if not editions and key not in KEYS:
        raise Http404
    if not editions:
        return redirect("knowledge:help")
    edition = best_edition(editions, reads(request))
    return redirect("knowledge:guide", pk=edition.guide_id, slug=edition.slug)


@require_safe
def in_own_language(request: HttpRequest, key: str = "") -> HttpResponse:
    """By choice if one was made on this device or in the profile, else by what the browser asks for."""
    with translation.override(front_language(request)):
        address = reverse("knowledge:help_page", args=[key]) if key else reverse("knowledge:help")
    answer = redirect(address)
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer

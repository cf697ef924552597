"""Where the pages of a webinar are. The id decides; the slug is its title in the language of the page."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from config.languages import best_offered
from knowledge.slugs import slugify
from webinars.models import Commitment, Participant, Series, Webinar


def slug_of(thing: Webinar | Series | Commitment, language: str | None = None) -> str:
    """The title romanised, in the language the page speaks or, where there is none, the original."""
    if isinstance(thing, Commitment):
        names, fallback = thing.text, "promise"
    else:
        names, fallback = (thing.title if isinstance(thing, Webinar) else thing.name), "webinar"
    lang, text = names.best([language or translation.get_language() or "en"])
    return slugify(text, lang, fallback=fallback)


def address(webinar: Webinar, page: str = "webinar", **more: object) -> str:
    """The path of one of its pages, in the language that is active."""
    return reverse(f"webinars:{page}", kwargs={"pk": webinar.pk, "slug": slug_of(webinar), **more})


def promise_address(promise: Commitment, page: str = "promise") -> str:
    """The path of a promise's page, in the language that is active."""
    return reverse(f"webinars:{page}", kwargs={"pk": promise.pk, "slug": slug_of(promise)})


def absolute(path: str) -> str:
    """A path as it stands in letters and calendars."""
    return f"{settings.SITE_URL}{path}"


def link_of(person: Participant) -> str:
    """A person's portable link, in the language they read: it opens the room on any device."""
    with translation.override(language_of(person)):
        return absolute(reverse("webinars:portable", kwargs={"token": person.link_token}))


def language_of(person: Participant) -> str:
    """The language of our pages this person reads best."""
    return best_offered(*person.reads)

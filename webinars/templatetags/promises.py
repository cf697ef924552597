"""What the pages of promises need: dates as exact as they are known, and notes with their sources."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.names import Names
from knowledge.rendering.citations import CITATION, keys_in
from webinars.when import date_words

register = template.Library()


@register.filter
def as_known(day: date, exact: str) -> str:
    """{{ step.at|as_known:step.exact }} → October 2020, where no more is known."""
    return date_words(day, exact)


@register.simple_tag(takes_context=True)
def note(
    context: template.Context, names: Names, numbers: Mapping[str, int] | None = None
) -> SafeString | str:
    """{% note step.note numbers %} → the words, each [@MN-04] in them a link to its line among the sources.

    Without `numbers` the words alone: a list shows no sources.
    """
    if not names:
        return ""
    found = names.best(getattr(context.get("request"), "reads", None) or (get_language() or "en",))
    parts = re.split(CITATION, found.text)  # words, keys, words, keys, …
    if numbers is None:
        words = "".join(parts[::2])
        return format_html('<span lang="{}">{}</span>', found.lang, re.sub(r" +(?=[.,;:)]|$)", "", words))
    said = format_html_join(
        "", "{}{}",
        ((words, _links(keys_in(keys), numbers) if keys else "") for words, keys in _pairs(parts)),
    )  # fmt: skip
    return format_html('<span lang="{}">{}</span>', found.lang, said)


def _pairs(parts: list[str]) -> Iterable[tuple[str, str]]:
    return zip(parts[::2], [*parts[1::2], ""], strict=True)


def _links(keys: Iterable[str], numbers: Mapping[str, int]) -> SafeString:
    """A key that is not among the sources says nothing to a reader and is left out."""
    known = [(key, numbers[key]) for key in keys if key in numbers]
    return format_html_join(" ", '<a class="cite" href="#source-{}">[{}]</a>', known)

"""Texts in the reader's language, and names of languages, countries and cities, for templates."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts import languages
from accounts.names import Names

register = template.Library()


@register.simple_tag(takes_context=True)
def text(context: template.Context, names: Any) -> SafeString | str:
    """{% text webinar.title %} → <span lang="mn">…</span> in the first language the reader reads."""
    if not names:
        return ""
    found = Names.from_json(names).best(_reads(context))
    if found.lang and languages.direction(found.lang) == "rtl":
        return format_html('<span lang="{}" dir="rtl">{}</span>', found.lang, found.text)
    return format_html('<span lang="{}">{}</span>', found.lang, found.text)


def _reads(context: template.Context) -> tuple[str, ...]:
    request = context.get("request")
    return getattr(request, "reads", None) or (get_language() or "en",)


@register.filter
def best(names: Any, reads: Iterable[str] | None = None) -> str:
    """{{ names|best:request.reads }} → the text alone, for attributes and titles."""
    return Names.from_json(names).best(reads or (get_language() or "en",)).text if names else ""


@register.filter
def best_lang(names: Any, reads: Iterable[str] | None = None) -> str:
    """{{ names|best_lang:request.reads }} → the language `best` chose, for lang=."""
    return Names.from_json(names).best(reads or (get_language() or "en",)).lang if names else ""


@register.filter
def endonym(code: str) -> str:
    return languages.endonym(code) if code else ""


@register.filter
def direction(code: str) -> str:
    return languages.direction(code)


@register.filter
def country(code: str) -> str:
    return languages.country_name(code, get_language() or "en") if code else ""


@register.filter
def city(zone: str) -> str:
    return languages.city(zone, get_language() or "en") if zone else ""

"""`{% css "room" %}` links a page's own style sheets; `{% language_links %}` is this page in the other languages."""

import re
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.languages import endonym

register = template.Library()


@register.simple_tag
def css(*names: str) -> SafeString:
    """One `<link>` a file of static/css, in the order given: `{% css "question" "room" %}`."""
    return format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"css/{name}.css"),) for name in names)
    )


class LanguageLink(NamedTuple):
    """One entry of the language menu."""

    code: str
    name: str  # what its own speakers call it
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """This page in every interface language: `{% language_links as links %}`.

    Only the language at the front of the address changes. A slug in another language is put right by the
    page itself, which goes by the id; so that this works on error pages too, nothing is resolved here.
    """
    request = context.get("request")
    path = request.get_full_path() if request is not None else "/"
    codes = [code for code, _ in settings.LANGUAGES]
    rest = re.sub(rf"^/(?:{'|'.join(map(re.escape, codes))})(?=[/?]|$)", "", path)
    if not rest.startswith("/"):
        rest = f"/{rest}"
    now = get_language()
    return [LanguageLink(code, endonym(code), f"/{code}{rest}", code == now) for code in codes]


@register.simple_tag
def language_name() -> str:
    """The name of the language this page speaks, in itself."""
    return endonym(get_language() or settings.LANGUAGE_CODE)

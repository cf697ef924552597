"""`{% icon "search" %}`: one shape of the sprite, drawn in the colour of the words beside it."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = Path(__file__).resolve().parents[2] / "static" / "img" / "icons.svg"
register = template.Library()


@cache
def names() -> frozenset[str]:
    """Every name the sprite has a shape for."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """The icon, decoration only: words beside it (or in `.vh`) say what it means.

    `extra` adds classes. An unknown name raises: a missing shape would be an invisible button.
    """
    if name not in names():
        raise template.TemplateSyntaxError(
            f"No icon is called {name!r}; the sprite has: {', '.join(sorted(names()))}"
        )
    return format_html(
        '<svg class="ic{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {extra}" if extra else "",
        static("img/icons.svg"),
        name,
    )

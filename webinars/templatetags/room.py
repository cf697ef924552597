"""What the room's templates need to draw a row of the wire: instants, moments, texts by language, data."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.names import Names, Text

register = template.Library()
# Inside <script> only these could end the element or begin a comment.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.filter
def clock(seconds: int | str | None) -> str:
    """{{ 1868|clock }} → 0:31:08, as moments are written everywhere."""
    if seconds is None or seconds == "":
        return ""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}"


@register.filter
def instant(ms: int | None) -> datetime | None:
    """Milliseconds of the wire as an instant."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC) if ms else None


@register.filter
def in_language(texts: Mapping[str, str] | None, reads: Iterable[str]) -> Text:
    """{{ notice.text|in_language:reads }} → lang and text, in the first language the reader reads."""
    texts = texts or {}
    original = next(iter(texts), "")
    return Names(original, texts).best(reads)


@register.filter
def item(things: Mapping[Any, Any], key: Any) -> Any:
    """{{ rows|item:id }}, and nothing where there is none."""
    return things.get(key)


@register.simple_tag
def data(value: Any, name: str) -> SafeString:
    """{% data config "room-data" %} → a block the script reads. Letters stay letters: a third of their escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html(
        '<script type="application/json" id="{}">{}</script>',
        name,
        mark_safe(text),
    )

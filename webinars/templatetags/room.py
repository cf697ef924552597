"""What the room's templates need to draw a row of the wire: instants, moments, texts by language, data."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.names import Names, Text
from webinars.live.texts import Shown, shown_of

register = template.Library()
DRAWN = 5000  # rows kept, some 2 KB each
_drawn: dict[tuple[Any, ...], tuple[Any, SafeString]] = {}
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
def elapsed(ms: int | None) -> str:
    """{{ 80000|elapsed }} → 1:20, and 1:23:00 where it is long (static/js/live/columns.js says the same)."""
    if ms is None:
        return ""
    minutes, second = divmod(max(0, ms // 1000), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


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
def shown(row: Mapping[str, object] | None, reads: Iterable[str]) -> Shown:
    """{{ row|shown:reads }} → the words in the first language the reader reads, and whose rendition they are."""
    return shown_of(row or {}, reads)


@register.filter
def shown_gist(answer: Mapping[str, object] | None, reads: Iterable[str]) -> Shown:
    """The same of an answer in short."""
    return shown_of(answer or {}, reads, "gist")


@register.filter
def item(things: Mapping[Any, Any] | None, key: Any) -> Any:
    """{{ rows|item:id }}, and nothing where there is none."""
    return things.get(key) if things else None


@register.simple_tag(takes_context=True)
def question_row(context: template.Context, card: Any, name: str = "webinars/_question.html") -> SafeString:
    """{% question_row card %} → the card drawn, or as it was drawn for the last reader of the same languages.

    A row in memory is one object until it changes; `card`: views.room_page.Card. Nothing of one reader is in it but
    whether they voted and whether it is their own.
    """
    reads, can_vote = context["reads"], context["can_vote"]
    key = (name, card.row["id"], card.votes, card.voted, card.own, get_language(), reads, can_vote)
    kept = _drawn.get(key)
    if kept is not None and kept[0] is card.row:
        return kept[1]
    if len(_drawn) >= DRAWN:
        _drawn.clear()
    needed = {"card": card, "reads": reads, "can_vote": can_vote, "guide_url": context.get("guide_url", "")}
    drawn = mark_safe(get_template(name).render(needed))
    _drawn[key] = (card.row, drawn)
    return drawn


@register.simple_tag
def data(value: Any, name: str) -> SafeString:
    """{% data config "room-data" %} → a block the script reads. Letters stay letters: a third of their escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return format_html(
        '<script type="application/json" id="{}">{}</script>',
        name,
        mark_safe(text),
    )

"""Markdown in, safe HTML out: the one door to the renderer, for saving, publishing and previewing alike.

rendered = render(mint_ids(source, "mn"), known={"EE-01"}, language="mn")
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import override

from knowledge.rendering import limits
from knowledge.rendering.headings import carry_ids, hide_ids, mint_ids
from knowledge.rendering.limits import TooComplex
from knowledge.rendering.process import ChildDied, Renderer, TookTooLong

__all__ = ["NotRendered", "Rendered", "TooComplex", "render", "renderer"]
__all__ += ["carry_ids", "clean", "hide_ids", "mint_ids"]

# One child a process; a second would cost 30 MB and save nothing: a text takes 14 ms.
renderer = Renderer()
# Control characters, lone surrogates, and the marks that turn the direction of the text that follows them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


class Contents(TypedDict):
    """One heading: `at` is where the text under it begins in Rendered.plain."""

    id: str
    level: int
    title: str
    at: int


@dataclass(frozen=True)
class Rendered:
    """What a page, its contents list and the search need of a text."""

    html: str
    toc: list[Contents] = field(default_factory=list)
    plain: str = ""
    words: int = 0
    citations: list[str] = field(default_factory=list)  # keys of sources, as numbered in the HTML


class NotRendered(RuntimeError):
    """The renderer itself failed, twice. Nothing is wrong with the text as far as we know: keep it, try again."""


def clean(source: str) -> str:
    """The text as it is stored: NFC, Unix line ends, no control characters and no direction overrides."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNPRINTABLE.sub("", text)).strip("\n")


def render(source: str, *, known: Collection[str] = (), language: str = "en") -> Rendered:
    """HTML, contents list, plain text, number of words and citations of a Markdown source.

    `known` are the keys that `[@key]` may name; `language` that of the text, for the few words the page adds.
    Raises TooComplex with a sentence for the writer, or NotRendered. Takes milliseconds; never in a transaction.
    """
    text = clean(source)
    limits.check(text)
    try:
        answer = renderer.ask({"source": text, "known": sorted(known), "labels": _labels(language)})
    except TookTooLong as slow:
        raise TooComplex(_("The text takes too long to lay out. Simplify lists or tables.")) from slow
    except ChildDied as dead:
        raise NotRendered(_("The text could not be laid out just now. Please try again.")) from dead
    if answer.get("error") in ("deep", "large"):
        raise TooComplex(_("The text is nested too deeply or becomes too long. Simplify lists or tables."))
    if "error" in answer:
        raise NotRendered(_("The text could not be laid out just now. Please try again."))
    return Rendered(**answer)


def _labels(language: str) -> dict[str, str]:
    with override(language):
        return {
            "unknown": _("unknown source"),
            "table": _("Table"),
            "done": _("done"),
            "todo": _("to do"),
            "back": _("Back to the text"),
        }

"""What a writer still lacks: how full each part is, and what readers will look for."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from knowledge.actions import Text
from knowledge.markdown import Rendered

ENOUGH = 12  # words that make a part more than begun


class Part(NamedTuple):
    """A part of the text being written. `fill` is "", "half" or "ok"."""

    id: str
    title: str
    level: int
    fill: str


class Check(NamedTuple):
    """One thing readers look for, and whether it is there."""

    words: str
    done: bool


def parts_of(rendered: Rendered) -> list[Part]:
    ends = [entry["at"] for entry in rendered.toc[1:]] + [len(rendered.plain)]
    parts = []
    for entry, end in zip(rendered.toc, ends, strict=False):  # a text without headings has an end, too
        words = len(rendered.plain[entry["at"] : end].split())
        fill = "ok" if words >= ENOUGH else "half" if words else ""
        parts.append(Part(entry["id"], entry["title"], entry["level"], fill))
    return [part for part in parts if part.level == 2]


def checks(text: Text, rendered: Rendered) -> list[Check]:
    return [
        Check(_("a title"), bool(text.title.strip())),
        Check(_("what it says, in one or two sentences"), bool(text.summary.strip())),
        Check(_("a source that the text cites"), bool(rendered.citations)),
        Check(_("every part is begun"), bool(rendered.toc) and all(part.fill for part in parts_of(rendered))),
    ]

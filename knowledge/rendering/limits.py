"""What a text may not do, checked before it is rendered: Python-Markdown is quadratic and worse on hostile input.

Measured without limits: 20 kB of `[` takes 8 s, 5,000 `*` or 300 nested lists end in RecursionError. The numbers
are far above what real pages need, and low enough that what passes renders in about a second at worst.
"""

import re

from django.utils.translation import gettext as _

BYTES = 200_000
LINES = 6_000
LINE = 10_000
RUN = 2_000  # characters without a space: the patterns that look for addresses are quadratic in it
BRACKETS_A_BLOCK = 100
BRACKETS_A_TEXT = 2_000
EMPHASIS_RUN = 30
EMPHASIS_A_BLOCK = 1_000
TICKS_A_BLOCK = 400
DEPTH = 20
CELLS = 5_000
FOOTNOTES = 200

# Four spaces, or a marker, open one more level of quotes and lists.
NESTING = re.compile(r"^(?:[ \t]{0,3}>|(?: {4}|\t)|[ \t]{0,3}(?:[*+-]|\d{1,9}[.)])(?=[ \t]))+")
DELIMITER = re.compile(r"[ \t>|:-]*\|[ \t|:-]*")
LONG_RUN = re.compile(rf"[!-~]{{{RUN}}}")
EMPHASIS = re.compile(rf"[*_~]{{{EMPHASIS_RUN}}}")
RULE = re.compile(r"[ \t*_-]+")
LEVEL = re.compile(r">| {4}|\t|[*+-](?=[ \t])|\d{1,9}[.)](?=[ \t])")


class TooComplex(ValueError):
    """The text cannot be rendered safely. The message says, in the reader's language, what to change."""


def check(source: str) -> None:
    """Raises TooComplex, naming the first limit that is passed. Linear in the length of the text."""
    if len(source.encode()) > BYTES:
        raise TooComplex(_("The text is longer than 200 kB. Split it into several guides."))
    if source.count("\n") >= LINES:
        raise TooComplex(_("The text has more than 6,000 lines. Split it into several guides."))
    if source.count("[") > BRACKETS_A_TEXT:
        raise TooComplex(_("There are more than 2,000 square brackets in the text."))
    if source.count("[^") > FOOTNOTES:
        raise TooComplex(_("There are more than 200 footnote marks in the text."))
    first = 1
    for block in re.split(r"(\n[ \t]*\n)", source):
        _check_block(block, first)
        first += block.count("\n")


def _check_block(block: str, first: int) -> None:
    where = {"line": first}
    if block.count("[") > BRACKETS_A_BLOCK:
        raise TooComplex(_("Line %(line)d: more than 100 square brackets in one paragraph.") % where)
    if block.count("*") + block.count("_") + block.count("~") > EMPHASIS_A_BLOCK:
        raise TooComplex(
            _("Line %(line)d: more than 1,000 asterisks or underscores in one paragraph.") % where
        )
    if block.count("`") > TICKS_A_BLOCK:
        raise TooComplex(_("Line %(line)d: more than 400 backticks in one paragraph.") % where)
    lines = block.split("\n")
    # Every row of a table is filled up to the width of its head: short rows under a wide head become many cells.
    if max((line.count("|") for line in lines if DELIMITER.fullmatch(line)), default=0) * len(lines) > CELLS:
        raise TooComplex(_("Line %(line)d: a table may have at most 5,000 cells.") % where)
    for number, line in enumerate(lines, first):
        _check_line(line, number)


def _check_line(line: str, number: int) -> None:
    where = {"line": number}
    if len(line) > LINE:
        raise TooComplex(_("Line %(line)d is longer than 10,000 characters.") % where)
    if EMPHASIS.search(line) and not re.fullmatch(r"[ \t*_~]+", line):
        raise TooComplex(_("Line %(line)d: 30 or more asterisks or underscores in a row.") % where)
    if LONG_RUN.search(line):
        raise TooComplex(_("Line %(line)d: 2,000 characters without a space.") % where)
    nesting = NESTING.match(line)
    if nesting and not RULE.fullmatch(line) and len(LEVEL.findall(nesting[0])) > DEPTH:
        raise TooComplex(_("Line %(line)d: lists and quotes are nested more than 20 deep.") % where)

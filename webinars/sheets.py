"""Tables for spreadsheet programs: UTF-8 with a mark they know, and no cell that one would take for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file (RFC 4180). Its first row names the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in [head, *rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def safe(cell: object) -> str:
    """What begins like a formula begins with an apostrophe, which says that it is text (OWASP, CSV injection).

    Blanks and invisible signs before it do not help: some programs trim them.
    """
    text = "" if cell is None else str(cell).replace("\x00", "")
    start = text.lstrip(" \n\v\f\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
    # Some programs fold the full-width forms of Chinese and Japanese keyboards.
    return f"'{text}" if start.startswith((*FORMULA, "＝", "＋", "－", "＠")) else text

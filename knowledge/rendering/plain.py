"""The finished HTML read back as plain text and a contents list, so that what is searched is what is shown."""

import re
from html.parser import HTMLParser
from typing import Any, Self

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Reader(HTMLParser):
    """Reads one page. A heading's `at` is where the text under it begins in `plain`."""

    BLOCKS = {"p", "li", "tr", "dt", "dd", "pre", "blockquote", "table", "div", "br", "hr", *HEADINGS}
    # "[1]", "unknown source", "done": printed by the page, written by nobody.
    NOT_WORDS = {"cite", "footnote-ref", "footnote-backref", "unknown", "vh"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.plain = ""
        self.toc: list[dict[str, Any]] = []
        self.parts: list[str] = []
        self.last = "\n"
        self.length = 0
        self.heading: list[str] | None = None
        self.skipping = ""
        self.depth = 0

    def read(self, html: str) -> Self:
        """Fills `plain` and `toc`; `at` counts characters of `plain`."""
        self.feed(html)
        self.close()
        self.plain = "".join(self.parts)
        return self

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.skipping:
            self.depth += tag == self.skipping
        elif given.get("class") in self.NOT_WORDS:
            self.skipping, self.depth = tag, 1
        elif tag in HEADINGS:
            self.add("\n")
            self.heading = []
            self.toc.append(
                {"id": given.get("id") or "", "level": int(tag[1]), "title": "", "at": self.length}
            )
        elif tag in self.BLOCKS:
            self.add("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.skipping:
            self.depth -= tag == self.skipping
            self.skipping = self.skipping if self.depth else ""
        elif tag in HEADINGS and self.heading is not None:
            self.toc[-1]["title"] = " ".join("".join(self.heading).split())
            self.heading = None
        elif tag in self.BLOCKS:
            self.add("\n")

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        if self.heading is not None:
            self.heading.append(data)  # headings are in the contents list, not in the text under them
        else:
            self.add(re.sub(r"\s+", " ", data))

    def add(self, text: str) -> None:
        """One space or one line end between words, none before a full stop that a citation stood in front of."""
        if self.last in " \n":
            text = text.lstrip(" ") if text != "\n" or self.last == " " else ""
        if self.last == " " and text[:1] in (*".,;:!?)", "\n"):
            self.parts[-1] = self.parts[-1][:-1]
            self.length -= 1
        if text:
            self.parts.append(text)
            self.length += len(text)
            self.last = text[-1]

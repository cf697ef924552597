"""Our Markdown: what the signs mean, and the list of HTML that may come out. Runs in the child process only.

Python-Markdown and pymdown extensions make the tree; we number citations, mark assessments, keep ids and wrap
tables; nh3 lets through what is on its list and nothing else. No raw HTML, no pictures from elsewhere.
"""

import re
from collections.abc import Collection, Mapping
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import markdown
import nh3
from markdown.blockparser import BlockParser
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.inlinepatterns import ImageInlineProcessor, InlineProcessor
from markdown.treeprocessors import Treeprocessor

from knowledge.rendering.citations import CITATION, keys_in
from knowledge.rendering.plain import HEADINGS, Reader

HEADING_ID = re.compile(r"[ \t]*\{#([A-Za-z0-9][A-Za-z0-9-]{0,59})\}[ \t]*$")
# "Assessment" in the languages of the interface; a text in another one may use any of them.
ASSESSMENT = {"assessment", "hinnang", "оцінка", "үнэлгээ"}
ABSOLUTE = re.compile(r"(?i)^(?:https?:)?[/\\]{2}")  # browsers read \ as /
# An address with a scheme we know, or with none: nothing before the first / ? # may hold a colon.
ADDRESS = re.compile(r"(?i)^(?:https?:|mailto:|[^:/?#]*(?:[/?#]|$))")
TASK = re.compile(r"^\[([ xX])\][ \t]+")

CLEANER = nh3.Cleaner(
    tags={
        *(
            "p",
            "br",
            "hr",
            "strong",
            "em",
            "del",
            "code",
            "pre",
            "blockquote",
            "a",
            "sup",
            "mark",
            "span",
            "div",
        ),
        *("img", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td"),
        *HEADINGS[1:],
    },
    clean_content_tags={"script", "style"},
    attributes={
        **{heading: {"id"} for heading in HEADINGS},
        **{"a": {"href", "title", "rel", "aria-label"}, "li": {"id"}, "sup": {"id"}, "ol": {"start"}},
        "div": {"role", "tabindex", "aria-label"},
        "img": {"src", "alt", "title"},
    },
    allowed_classes={
        "a": {"cite", "footnote-ref", "footnote-backref"},
        "mark": {"unknown"},
        "p": {"assessment"},
        "li": {"assessment", "task"},
        "span": {"box", "done", "vh"},
        "div": {"scroll-x", "footnote"},
        **{cell: {"center", "end"} for cell in ("th", "td")},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)


class Numbered(SaneOListProcessor):
    """`2001. aasta …` is how Estonian, and others, write a year: four digits and a full stop begin no list."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}\d{1,3}\.[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}((\d{1,3}\.))[ ]+(.*)")


class Citation(InlineProcessor):
    """`[@EE-01]`, `[@EE-01; @EE-02]`: one element a key here; Finish numbers them in reading order."""

    def handleMatch(self, match: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        group = Element("span")
        for key in keys_in(match[1]):
            if len(group):
                group[-1].tail = " "
            SubElement(group, "cite").text = markdown.util.AtomicString(key)
        return group, match.start(0), match.end(0)


class OwnImage(ImageInlineProcessor):
    """Pictures of this site stay; one from elsewhere becomes a link: no page of ours calls another server."""

    def handleMatch(self, match: re.Match[str], data: str) -> Any:  # type: ignore[override]
        image, start, end = super().handleMatch(match, data)
        if isinstance(image, Element) and not image.get("src", "").startswith("/media/"):
            link = Element("a", {"href": image.get("src", "")})
            link.text = image.get("alt") or image.get("src", "")
            return link, start, end
        return image, start, end


class Finish(Treeprocessor):
    """What the house adds when the tree is complete: runs after everything else, so it sees the final order."""

    known: Collection[str] = ()
    labels: Mapping[str, str] = {}

    def run(self, root: Element) -> None:
        self.numbers: dict[str, int] = {}
        parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter()):
            if element.tag in HEADINGS:
                self.heading(element)
            elif element.tag == "span" and len(element) and element[0].tag == "cite":
                self.stick(element, parents[element])
            elif element.tag == "cite":
                self.citation(element)
            elif element.tag == "a":
                self.link(element)
            elif element.tag in ("p", "li"):
                self.judgement(element)
                self.task(element)
            elif element.tag in ("th", "td"):
                self.cell(element)
            elif element.tag == "table":
                self.table(element, parents[element])
        self.without_empty_parts(root)
        self.unique_ids(root)

    def without_empty_parts(self, root: Element) -> None:
        """A heading with nothing under it is a place the writer left open: readers are not led to it."""
        level: str | None = None  # of what follows: none at the end of the text, "p" for words
        for element in reversed(list(root)):
            if element.tag not in HEADINGS:
                level = "p"
            elif level is None or (level in HEADINGS and level <= element.tag):
                root.remove(element)
            else:
                level = element.tag

    def heading(self, element: Element) -> None:
        """The title of the page is its h1, so headings in the text begin at h2."""
        element.tag = "h2" if element.tag == "h1" else element.tag
        last = element[-1] if len(element) else None
        text = (element.text if last is None else last.tail) or ""
        found = HEADING_ID.search(text)
        if found:
            element.set("id", found[1].lower())
            text = text[: found.start()]
            if last is None:
                element.text = text
            else:
                last.tail = text

    def unique_ids(self, root: Element) -> None:
        """Ids are minted when a text is saved; what is previewed before gets plain ones."""
        seen: set[str] = set()
        for count, element in enumerate((e for e in root.iter() if e.tag in HEADINGS), 1):
            name = element.get("id") or f"section-{count}"
            while name in seen:
                name = f"{name}-{count}"
            element.set("id", name)
            seen.add(name)

    def stick(self, citations: Element, parent: Element) -> None:
        """A citation stays on the line of the words it belongs to."""
        at = list(parent).index(citations)
        before = (parent.text if at == 0 else parent[at - 1].tail) or ""
        if before.endswith(" "):
            before = before[:-1] + "\u00a0"
            if at == 0:
                parent.text = before
            else:
                parent[at - 1].tail = before

    def citation(self, element: Element) -> None:
        key = element.text or ""
        if key in self.known:
            number = self.numbers.setdefault(key, len(self.numbers) + 1)
            element.tag = "a"
            element.attrib = {"href": f"#source-{key}", "class": "cite", "title": key}
            element.text = f"[{number}]"
        else:
            element.tag = "mark"
            element.attrib = {"class": "unknown"}
            element.text = f"{key}: {self.labels.get('unknown', 'unknown source')}"

    def link(self, element: Element) -> None:
        # As a browser will read it: Python-Markdown leaves &#58; as it was typed.
        address = unescape(element.get("href", "")).strip()
        if ABSOLUTE.match(address):
            element.set("rel", "noopener noreferrer nofollow")
        elif not ADDRESS.match(address):
            element.attrib.pop("href", None)
        if element.get("class") == "footnote-backref":
            element.attrib.pop("title", None)
            element.set("aria-label", self.labels.get("back", "Back to the text"))

    def judgement(self, element: Element) -> None:
        """`*Assessment:* …` is somebody's judgement, not a claim of a source, and must look like one."""
        if (element.text or "").strip() or not len(element) or element[0].tag != "em":
            return
        word, colon, rest = (element[0].text or "").partition(":")
        follows = element[0].tail or ""
        if word.strip().casefold() in ASSESSMENT and (colon or follows.startswith(":")) and not rest.strip():
            element.set("class", "assessment")

    def task(self, element: Element) -> None:
        """`- [x] done`. pymdownx.tasklist would print a form control without a name; a word is read by everybody."""
        found = TASK.match(element.text or "") if element.tag == "li" else None
        if found:
            done = found[1] != " "
            box = Element("span", {"class": "box done" if done else "box"})
            hidden = SubElement(box, "span", {"class": "vh"})
            hidden.text = self.labels.get("done" if done else "todo", "done" if done else "to do")
            box.tail = " " + (element.text or "")[found.end() :]
            element.text = ""
            element.insert(0, box)
            element.set("class", "task")

    def cell(self, element: Element) -> None:
        align = element.attrib.pop("align", None)
        if align in ("center", "right"):
            element.set("class", "center" if align == "center" else "end")

    def table(self, element: Element, parent: Element) -> None:
        """A wide table scrolls inside a box that the keyboard can reach, instead of widening the page."""
        box = Element("div", {"class": "scroll-x", "role": "region", "tabindex": "0"})
        box.set("aria-label", self.labels.get("table", "Table"))
        box.tail, element.tail = element.tail, None
        parent[list(parent).index(element)] = box
        box.append(element)


class Dialect:
    """One Markdown, set up once; render() may be called again and again."""

    def __init__(self) -> None:
        self.markdown = markdown.Markdown(
            extensions=[
                *("tables", "footnotes", "sane_lists", "def_list"),
                *("pymdownx.superfences", "pymdownx.highlight", "pymdownx.tilde", "pymdownx.saneheaders"),
                "pymdownx.magiclink",
            ],
            extension_configs={
                "tables": {"use_align_attribute": True},
                "footnotes": {"BACKLINK_TEXT": "^", "BACKLINK_TITLE": ""},
                "pymdownx.highlight": {"use_pygments": False},
                "pymdownx.tilde": {"subscript": False},
            },
        )
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.inlinePatterns.deregister("html")
        self.markdown.parser.blockprocessors.register(Numbered(self.markdown.parser), "olist", 40)
        self.markdown.inlinePatterns.register(Citation(CITATION, self.markdown), "citation", 178)
        image = OwnImage(r"\!\[", self.markdown)
        self.markdown.inlinePatterns.register(image, "image_link", 150)
        self.markdown.inlinePatterns.deregister("image_reference")
        self.finish = Finish(self.markdown)
        self.markdown.treeprocessors.register(self.finish, "finish", -5)

    def render(self, source: str, known: Collection[str], labels: Mapping[str, str]) -> dict[str, Any]:
        """Shapes as knowledge.markdown.Rendered. RecursionError and others are the caller's to catch."""
        self.finish.known, self.finish.labels = set(known), labels
        html = CLEANER.clean(self.markdown.reset().convert(source))
        reader = Reader().read(html)
        return {
            "html": html,
            "toc": reader.toc,
            "plain": reader.plain,
            "words": len(re.findall(r"\w[\w’'ʼ-]*", reader.plain)),
            "citations": list(self.finish.numbers),
        }

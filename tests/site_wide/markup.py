"""Reads a page as a strict reader would: what it names, and what in it nobody should have written."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
# Elements whose end tag may be left out; all others must be closed where they were opened.
MAY_STAY_OPEN = frozenset(
    {"p", "li", "dt", "dd", "option", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "optgroup"}
)
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
TOKEN = "csrfmiddlewaretoken"
DATA_BLOCKS = frozenset({"application/json", "application/ld+json"})

Attributes = dict[str, str]


class Page(HTMLParser):
    """`links` are followed by people, `parts` are fetched by the browser itself, `faults` are ours."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.parts: list[str] = []
        self.actions: list[str] = []
        self.faults: list[str] = []
        self.language = self.title = ""
        self._open: list[tuple[str, Attributes]] = []
        self._ids: Counter[str] = Counter()
        self._headings = 0
        self._labels: set[str] = set()
        self._fields: list[Attributes] = []
        self._references: list[tuple[str, str]] = []
        self._forms: list[
            tuple[str, list[str]]
        ] = []  # those that post: what opened it, the names of its fields
        self.feed(text)
        self.close()
        self._weigh(text)

    @property
    def posts(self) -> bool:
        """Has it a form that changes something?"""
        return bool(self._forms)

    @property
    def _in_mould(self) -> bool:
        """Inside <template>: not part of the document until a script takes it out."""
        return any(tag == "template" for tag, _ in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if len(facts) != len(attrs):
            self._fault(tag, facts, "an attribute twice")
        self._inline(tag, facts)
        self._names(tag, facts)
        if not self._in_mould:
            self._document(tag, facts)
        if tag == "form" and facts.get("method", "").lower() == "post":
            self._forms.append((f"{self.get_starttag_text()} line {self.getpos()[0]}", []))
        elif tag == "input" and self._forms:
            self._forms[-1][1].append(facts.get("name", ""))
        if tag not in VOID:
            self._open.append((tag, facts))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open and self._open[-1][0] != tag and self._open[-1][0] in MAY_STAY_OPEN:
            self._open.pop()
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        else:
            line, column = self.getpos()
            self.faults.append(
                f"</{tag}> closes nothing at {line}:{column}; open: {[t for t, _ in self._open][-4:]}"
            )

    def handle_data(self, data: str) -> None:
        if [tag for tag, _ in self._open] == ["html", "head", "title"]:
            self.title += data

    def _fault(self, tag: str, facts: Attributes, what: str) -> None:
        self.faults.append(f"{what}: <{tag} {facts}> line {self.getpos()[0]}")

    def _inline(self, tag: str, facts: Attributes) -> None:
        """What the policy forbids must not be written at all."""
        for name, value in facts.items():
            if name == "style" or name.startswith("on"):
                self._fault(tag, facts, f"{name}= in the page")
            if value.strip().lower().startswith(("javascript:", "vbscript:")):
                self._fault(tag, facts, "a script as an address")
        if tag == "style":
            self._fault(tag, facts, "a style sheet in the page")
        if tag == "script" and "src" not in facts and facts.get("type") not in DATA_BLOCKS:
            self._fault(tag, facts, "a script in the page")

    def _names(self, tag: str, facts: Attributes) -> None:
        if tag in ("a", "area") and "href" in facts:
            self.links.append(facts["href"])
        elif tag == "form":
            if facts.get("method", "get").lower() == "get":
                self.links.append(facts.get("action", ""))
            self.actions.append(facts.get("action", ""))
        elif tag == "link" and facts.get("rel") in ("alternate", "canonical", "next", "prev"):
            self.links.append(facts["href"])
        elif tag in ("link", "use", "image") and "href" in facts:
            self.parts.append(facts["href"])
        self.parts += [facts[name] for name in ("src", "poster", "data", "background") if facts.get(name)]
        for candidate in filter(None, (one.strip() for one in facts.get("srcset", "").split(","))):
            self.parts.append(candidate.split()[0])
        if tag == "button" and facts.get("formaction"):
            self.actions.append(facts["formaction"])

    def _document(self, tag: str, facts: Attributes) -> None:
        if "id" in facts:
            self._ids[facts["id"]] += 1
        if tag == "html":
            self.language = facts.get("lang", "")
        elif tag == "h1":
            self._headings += 1
        elif tag == "img" and "alt" not in facts:
            self._fault(tag, facts, "a picture without alt")
        elif tag == "label" and "for" in facts:
            self._labels.add(facts["for"])
            self._references.append(("for", facts["for"]))
        elif is_field(tag, facts) and all(outer != "label" for outer, _ in self._open):
            self._fields.append(facts | {"": tag})
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "list", "form", "popovertarget"):
            self._references += [(name, one) for one in facts.get(name, "").split()]

    def _weigh(self, text: str) -> None:
        """What only the whole page can tell."""
        if not text.lstrip().lower().startswith("<!doctype html>"):
            self.faults.append("no doctype")
        if not self.language:
            self.faults.append("no lang on <html>")
        if not self.title.strip(" ·"):
            self.faults.append("no title")
        if self._headings != 1:
            self.faults.append(f"{self._headings} <h1>")
        if self._open:
            self.faults.append(f"never closed: {[tag for tag, _ in self._open]}")
        self.faults += [f"id {name!r} {times} times" for name, times in self._ids.items() if times > 1]
        self.faults += [
            f"{name}={to!r} names nothing" for name, to in self._references if to not in self._ids
        ]
        for facts in self._fields:
            labelled = (
                facts.get("id") in self._labels or facts.get("aria-label") or facts.get("aria-labelledby")
            )
            if not labelled:
                self.faults.append(f"a field without a label: {facts}")
        self.faults += [f"posts without a token: {form}" for form, names in self._forms if TOKEN not in names]


def is_field(tag: str, facts: Attributes) -> bool:
    """Does somebody type or choose there?"""
    return (
        tag in ("input", "select", "textarea")
        and facts.get("type") not in UNLABELLED
        and "hidden" not in facts
    )

"""Walks the site as one person does: every link of every page, once, by GET."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from tests.demo_site import Answer, Visitor
from tests.site_wide.markup import Page

# Lists are filtered by any mixture of facets, and the administration shows every row of every table alike: so many
# pages that differ in values only are looked at.
ALIKE = 2
ROW_IN_ADMIN = re.compile(r"(?<=/)\d+(?=/)")
ADDRESS_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
IMPORT_IN_JS = re.compile(r"""\b(?:from|import|import\()\s*["']((?:\.|/)[^"'\s]*)["']""")
NOWHERE = "/en/there-is-no-such-page/"


@dataclass
class Crawl:
    """What one visitor was answered, by path."""

    visitor: Visitor
    languages: tuple[str, ...]
    answers: dict[str, Answer] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    named_by: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    _seen: Counter[str] = field(default_factory=Counter)

    def walk(self, *more: str) -> "Crawl":
        """Begins at the front page of each language, and at addresses that no page names."""
        waiting = deque([*(f"/{code}/" for code in self.languages), *more])
        self.named_by = dict.fromkeys(waiting, "the address bar")
        while waiting:
            path = waiting.popleft()
            answer = self.answers[path] = self.visitor.get(path)
            for link in self._links(path, answer):
                if link not in self.named_by and self._is_ours_to_follow(link):
                    self.named_by[link] = path
                    waiting.append(link)
        return self

    def _links(self, path: str, answer: Answer) -> list[str]:
        if "location" in answer.headers:
            return self._internal(path, [answer.headers["location"]])
        if not answer.is_html:
            return []
        page = self.pages[path] = Page(answer.text)
        for part in page.parts:
            if not part.startswith(("data:", "#")):
                address = urljoin(self.visitor.site.url + path, part).partition("#")[0]
                inside = address.startswith(f"{self.visitor.site.url}/")
                (self.parts if inside else self.outside).setdefault(
                    address.removeprefix(self.visitor.site.url) if inside else part, path
                )
        for action in page.actions:
            if not self._internal(path, [action or path]):
                self.outside.setdefault(action, path)
        return self._internal(path, page.links)

    def _internal(self, path: str, links: list[str]) -> list[str]:
        """Those of this site, absolute within it, without fragments."""
        base = self.visitor.site.url
        full = (urljoin(base + path, link).partition("#")[0] for link in links)
        return [link.removeprefix(base) for link in full if link.startswith(f"{base}/")]

    def _is_ours_to_follow(self, link: str) -> bool:
        where, query = urlsplit(link).path, urlsplit(link).query
        code = where.split("/")[1]
        if len(code) == 2 and code not in self.languages:
            return False
        names = sorted({name for name, _ in parse_qsl(query)})
        if len(names) > 2:
            return False
        shape = f"{where}?{'&'.join(names)}"
        if "/admin/" in where:
            shape = ROW_IN_ADMIN.sub("0", shape)
        elif not query:
            return True
        self._seen[shape] += 1
        return self._seen[shape] <= ALIKE


def parts_of(path: str, answer: Answer) -> list[str]:
    """What a style sheet or module names in turn, absolute within the site."""
    pattern = {"css": ADDRESS_IN_CSS, "js": IMPORT_IN_JS}.get(path.rpartition(".")[2])
    if pattern is None:
        return []
    found = ["".join(one) for one in pattern.findall(answer.text)]
    return [urljoin(path, one).partition("#")[0] for one in found if not one.startswith(("data:", "#"))]

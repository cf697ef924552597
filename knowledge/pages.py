"""The site's own pages (help, privacy, accessibility): Markdown that comes with the program, one file a language.

A file is called <key>.<language>.md: a head with title and summary, then the text. In it **bold** is a word of the
interface and nothing else, an address that begins with / is one of this site, without its language, and what only
this site knows stands in braces, {institution}, to be filled in whenever somebody reads it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.languages import INTERFACE
from config.site_settings import current
from knowledge.headed import read_headed

FOLDER = Path(__file__).with_name("pages")
ROLES = ("participant", "speaker", "moderator", "host", "language-desk", "expert", "administrator")
KEYS = (*ROLES, "privacy", "accessibility")
ORIGINAL = "en"
OWN_ADDRESS = re.compile(r"\]\((?=/)")
BLANK = re.compile(r"\{(site|institution|contact)\}")


@dataclass(frozen=True, slots=True)
class Page:
    """One of the site's own pages in one language, as it is published."""

    key: str
    language: str
    title: str
    summary: str
    body: str


def read_pages() -> Iterator[Page]:
    """Every page in every language, the original first."""
    for key in KEYS:
        for language in sorted(INTERFACE, key=lambda code: code != ORIGINAL):
            facts, body = read_headed(FOLDER / f"{key}.{language}.md")
            body = OWN_ADDRESS.sub(f"](/{language}", body)
            yield Page(key, language, facts["title"], facts["summary"], body)


def filled_html(html: str, language: str) -> str:
    """The page as it is read: what only this site knows in its place, and to be seen where it is not known yet."""
    told = told_of_this_site(language)

    def known(blank: re.Match[str]) -> str:
        words = escape(told[blank[1]])
        if not words:
            return f'<mark class="unknown">{escape(_not_yet(blank[1], language))}</mark>'
        return f'<a href="mailto:{words}">{words}</a>' if blank[1] == "contact" else words

    return BLANK.sub(known, html)


def is_unfilled(text: str, language: str) -> bool:
    """Whether something in it is still for the administrators to say."""
    told = told_of_this_site(language)
    return any(not told[blank] for blank in BLANK.findall(text))


def filled_text(text: str, language: str) -> str:
    """The same for the search and for Markdown."""
    told = told_of_this_site(language)
    return BLANK.sub(lambda blank: told[blank[1]] or f"[{_not_yet(blank[1], language)}]", text)


def told_of_this_site(language: str) -> dict[str, str]:
    """What is settled about this site, for a reader of this language; "" for what is not."""
    site = current()
    institution = site.institution.best([language]).text if site.institution else ""
    return {"site": site.called(language), "institution": institution, "contact": site.contact_email}


def _not_yet(what: str, language: str) -> str:
    with override(language):
        if what == "contact":
            return _("to be filled in: the address to write to")
        return _("to be filled in: who runs this site")

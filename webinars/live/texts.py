"""Words in further languages as the wire carries them: inside the row they belong to, and the page picks.

    "texts": {"en": {"text": "…", "by": "language_desk", "from": "uk", "stale": true}}

`from` is there where it was made from another rendition, `stale` where what it was made from is another now. Behind
the scenes also those that wait for a second eye ("waits"), which text it is ("version") and whose ("who").
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from accounts.names import Names
from webinars.models import MadeAs, Rendition
from webinars.models.renditions import stale_among

from .part import Json


def texts_in(renditions: Iterable[Rendition], original: str, *, behind: bool) -> Json:
    """{"texts": …} of one thing, as its readers may see it; {} where there is none."""
    written = [one for one in renditions if one.text]
    stale = stale_among(written, original)
    shown = {
        one.language: _text(one, one.language in stale, behind) for one in written if behind or not one.waits
    }
    return {"texts": shown} if shown else {}


def _text(one: Rendition, stale: bool, behind: bool) -> Json:
    said: Json = {"text": one.text, "by": one.made_as}
    if one.made_from:
        said["from"] = one.made_from
    if stale:
        said["stale"] = True
    if behind:
        said["version"] = one.version
        if one.waits:
            said["waits"] = True
        if one.made_as != MadeAs.ASKER:  # who may have hidden their name
            said["who"] = one.by_id
    return said


class Shown(NamedTuple):
    """What one reader is shown of a text: the words, their language, and of a rendition who made it."""

    lang: str
    text: str
    by: str  # "": these are the words themselves
    stale: bool
    original: str
    original_lang: str


def shown_of(row: Mapping[str, object], reads: Iterable[str], field: str = "text") -> Shown:
    """The words of a row, or of an answer (`field` "gist"), in the first language the reader reads.

    static/js/live/texts.js says the same.
    """
    original, lang = str(row.get(field, "")), str(row.get("lang", ""))
    found = names_in(row, field).best(reads)
    texts = row.get("texts")
    made = texts.get(found.lang, {}) if isinstance(texts, dict) and found.lang != lang else {}
    return Shown(found.lang, found.text, made.get("by", ""), bool(made.get("stale")), original, lang)


def names_in(row: Mapping[str, object], field: str = "text", *, fresh: bool = False) -> Names:
    """All languages of a row, the original first; `fresh` leaves out what is older than its original."""
    original, lang = str(row.get(field, "")), str(row.get("lang", ""))
    texts = row.get("texts")
    more = texts if isinstance(texts, dict) else {}
    said = {
        code: one["text"]
        for code, one in more.items()
        if not (one.get("waits") or (fresh and one.get("stale")))
    }
    return Names(
        lang, {lang: original} | said | {lang: original}
    )  # what was rewritten in their language outdoes them

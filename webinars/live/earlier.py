"""What was translated before with the same words: the desk says the same thing twice in the same words."""

from typing import NamedTuple

from django.db.models import Q

from knowledge.search.analysis import base_language
from knowledge.search.likeness import essence
from webinars.models import Rendition, State, Visibility, Webinar

LOOKED_AT = 400  # the newest renditions in a language
SHOWN = 3
HIDDEN = (Visibility.WITHDRAWN, Visibility.TROUBLE)


class Earlier(NamedTuple):
    """An earlier rendition, and the words it was made from."""

    source: str
    lang: str
    text: str
    to: str
    shared: int


def earlier(
    webinar: Webinar, text: str, lang: str, to: str, *, but: Rendition | None = None
) -> list[Earlier]:
    """The nearest ones of this webinar, and of what everybody may read, from the one language in the other."""
    about = essence(text, lang).keys()
    here = Q(webinar=webinar) & (Q(question=None) | ~Q(question__visibility__in=HIDDEN))
    public = Q(webinar__state=State.PUBLISHED, waits=False, question__visibility=Visibility.PUBLISHED)
    known = Rendition.objects.written().filter(here | public, language__startswith=base_language(to))
    found: dict[str, Earlier] = {}
    for one in (
        known.exclude(pk=but.pk if but else 0)
        .select_related("question", "answer", "notice")
        .order_by("-pk")[:LOOKED_AT]
    ):
        source_lang = one.made_from or _language_of(one)
        if base_language(source_lang) != base_language(lang):
            continue
        shared = len(about & essence(one.source, source_lang).keys())
        if shared:
            found.setdefault(one.text, Earlier(one.source, source_lang, one.text, one.language, shared))
    return sorted(found.values(), key=lambda one: -one.shared)[:SHOWN]


def _language_of(one: Rendition) -> str:
    if one.notice is not None:
        return one.notice.text.original
    if one.answer is not None:
        return one.answer.language
    return one.question.language if one.question else ""

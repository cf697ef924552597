"""What somebody is about to ask, or just asked, compared with what is there: questions here, answers elsewhere.

The site's own search finds the candidates, in every language it reads the words in; shown is only what shares enough
of the words both are about. A long list that is a bit like it would be in the way of who writes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.search import Hit
from knowledge.search import search as find
from knowledge.search.finding import PUBLIC
from knowledge.search.likeness import essence
from webinars.models import Participant, Question, Webinar
from webinars.search import found_here

SHORTEST: Final = 12  # characters; shorter is no question yet
LONGEST: Final = 500
HERE: Final = 3
ELSEWHERE: Final = 2
WORDS: Final = 14  # of the words it is about, that are looked for
SHARED: Final = 2
OF_A_QUESTION, OF_A_TEXT = 0.5, 0.4  # of the words of the shorter one; of the words that were typed
KINDS: Final = ("lesson", "howto", "playbook", "answer")


@dataclass(frozen=True, slots=True)
class Similar:
    """Published questions of the same room, the nearest first, and texts of the site that may answer it already."""

    here: list[Question]
    elsewhere: list[Hit]

    def __bool__(self) -> bool:
        return bool(self.here or self.elsewhere)


NOTHING: Final = Similar([], [])


def similar_to(
    webinar: Webinar,
    text: str,
    language: str,
    *,
    reads: Sequence[str],
    person: Participant | None = None,
    besides: int | None = None,
) -> Similar:
    """For a text in a language. Not their own questions, which stand beside the box, and not `besides`."""
    text = text[:LONGEST].strip()
    about = essence(text, language)
    if len(text) < SHORTEST or not about:
        return NOTHING
    words = " ".join(list(dict.fromkeys(map(str.lower, about.values())))[:WORDS])
    own = found_here(webinar)
    hits = find(words, {PUBLIC, f"webinar:{webinar.pk}"}, reads=reads, under=own, verbatim=True).hits
    ids = [pk for hit in hits if (pk := _question_of(hit)) and pk != besides]
    found = Question.objects.filter(webinar=webinar, pk__in=ids).published()
    if person is not None:
        found = found.exclude(participant=person)
    rows = {question.pk: question for question in found.with_all()}
    near = [rows[pk] for pk in ids if pk in rows and _asks_the_same(text, rows[pk])]
    told = find(words, {PUBLIC}, kinds=KINDS, reads=reads, verbatim=True).hits
    fits = [hit for hit in told if not hit.url.startswith(own) and _fits(text, hit)]
    return Similar(near[:HERE], _one_a_guide(fits)[:ELSEWHERE])


def _asks_the_same(text: str, question: Question) -> bool:
    """Compared in the other's language (names and figures are cut alike there), with its translations, and with what
    was merged into it."""
    said = [(question.language, question.text)]
    said += [
        (one.language, one.text) for one in question.renditions.all() if not (one.answer_id or one.waits)
    ]
    said += [(same.language, same.text) for same in question.merged]
    return any(_near(essence(text, language), essence(words, language)) for language, words in said)


def _near(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """What is typed so far is a part of a question: the shorter of the two counts."""
    common, least = len(one.keys() & other.keys()), min(len(one), len(other))
    return common == len(one) == len(other) or (common >= SHARED and common >= OF_A_QUESTION * least)


def _fits(text: str, hit: Hit) -> bool:
    shown = " ".join(part.text for part in (*hit.title_parts, *hit.snippet))
    about, there = essence(text, hit.lang), essence(f"{shown} {hit.heading}", hit.lang)
    return len(about.keys() & there.keys()) >= max(SHARED, math.ceil(OF_A_TEXT * len(about)))


def _question_of(hit: Hit) -> int:
    kind, _, pk = hit.parent.partition(":")
    return int(pk) if kind == "question" and pk.isdigit() else 0


def _one_a_guide(hits: Iterable[Hit]) -> list[Hit]:
    """A guide in several languages is one thing: the first found is the one the reader reads best."""
    first: dict[str, Hit] = {}
    for hit in hits:
        kind, _, rest = hit.parent.partition(":")
        first.setdefault(f"{kind}:{rest.partition(':')[0]}", hit)
    return list(first.values())

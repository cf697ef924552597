"""The one order of results, whichever engine found them: BM25F over concepts, with a few small signals.

Robertson, Zaragoza: The Probabilistic Relevance Framework (2009), §3.5-3.6. The constants were tuned on four
languages at once and are shared by both engines, so a result list is the same on either.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from knowledge.search.analysis import base_language
from knowledge.search.concepts import Concept
from knowledge.search.engine import Candidate

K1, B = 1.2, 0.6
TITLE = 3.0  # a word in the title counts like three in the text
EXACT = 0.25  # of the word's weight, when it stands in the title just as it was typed
COVERED, COVERED_IN_TITLE = 0.65, 0.35
# Signals: together they never lift a result by more than 1.3.
READABLE, FIRST_READABLE, QUALITY, FRESH = 0.06, 0.04, 0.08, 0.08
FADING = {"webinar", "moment"}  # only events age
HALF_LIFE_DAYS = 548


class Ranked(NamedTuple):
    score: float
    candidate: Candidate


def rank(
    found: Sequence[Candidate],
    concepts: Sequence[Concept],
    *,
    lengths: Mapping[str, float],
    reads: Sequence[str],
    now: datetime,
) -> list[Ranked]:
    """Best first; equals in the order of their ids, so that pages never overlap.

    `lengths`: the average number of terms of an entry in each language, for texts of each are long in their way.
    """
    ranked = [Ranked(_relevance(one, concepts, lengths) * _signals(one, reads, now), one) for one in found]
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.id))


def _relevance(one: Candidate, concepts: Sequence[Concept], lengths: Mapping[str, float]) -> float:
    title, body = Counter(one.terms_title.split()), Counter(one.terms_body.split())
    words = set(one.words_title.split())
    length = 1 - B + B * one.n_terms / max(lengths.get(base_language(one.lang), 1.0), 1.0)
    score = covered = covered_in_title = 0.0
    for concept in concepts:
        frequency = best = best_in_title = 0.0
        for stem, weight in concept.stems.items():
            in_title, in_body = title.get(stem, 0), body.get(stem, 0)
            if in_title or in_body:
                frequency += weight * (TITLE * (in_title > 0) + in_body / length)
                best = max(best, weight)
                best_in_title = max(best_in_title, weight * (in_title > 0))
        if frequency:
            score += concept.idf * best * frequency * (K1 + 1) / (frequency + K1)
            covered += best
            covered_in_title += best_in_title
        if concept.surface in words:
            score += EXACT * concept.idf
    n = len(concepts)
    score *= 1 - COVERED + COVERED * covered / n
    return score * (1 + COVERED_IN_TITLE * covered_in_title / max(len(title), n))


def _signals(one: Candidate, reads: Sequence[str], now: datetime) -> float:
    lift = 1.0
    if one.lang in reads:
        lift *= 1 + READABLE + FIRST_READABLE * (one.lang == reads[0])
    lift *= 1 + QUALITY * min(max(one.quality, 0.0), 1.0)
    if one.kind in FADING and one.published_at:
        age = max((now - one.published_at).days, 0)
        lift *= 1 + FRESH * 0.5 ** (age / HALF_LIFE_DAYS)
    return lift

"""How a webinar was moderated, in numbers: what was decided, why, in which languages, how fast, and the appeals.

No text and no name goes in, so that nothing of a question or of who asked it can come out.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from .models import Act, Appeal, Outcome, Question, Visibility, Webinar

# The columns, in their order: a press on one verb is a decision of one kind.
KINDS = ("published", "returned", "declined", "merged", "split", "hidden", "moved")
_KIND_OF = {
    "publish": "published",
    "return": "returned",
    "decline": "declined",
    "asked_already": "declined",
    "merge": "merged",
    "split": "split",
    "hide": "hidden",
    "move": "moved",
}
MS = timedelta(milliseconds=1)
_WITH_REASON = ("returned", "declined", "hidden")


@dataclass(frozen=True, slots=True)
class Row:
    """One language or one reason: how many of each of the columns."""

    key: str
    counts: list[int]
    total: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The counts. `at_once` were published without a decision; `median` is None where nothing was decided."""

    asked: int
    at_once: int
    waiting: int
    decisions: list[tuple[str, int]]
    reasons: list[Row]
    languages: list[Row]
    median: int | None  # milliseconds
    appeals: list[tuple[str, int]] = field(default_factory=list)

    @property
    def decided(self) -> int:
        return sum(count for _, count in self.decisions)

    @property
    def appealed(self) -> int:
        return sum(count for _, count in self.appeals)


def ledger_of(webinar: Webinar) -> Ledger:
    """Three queries, whatever the number of questions. What a split made is no question that somebody asked."""
    acts = list(
        Act.objects.filter(webinar=webinar).decisions().values_list("verb", "reason", "question_id", "at")
    )
    split = {pk for verb, _, pk, _ in acts if verb == "split"}
    questions = Question.objects.filter(webinar=webinar)
    facts = [
        (pk, language, visibility, at)
        for pk, language, visibility, at, half in questions.values_list(
            "pk", "language", "visibility", "asked_at", "split_with"
        )
        if half is None or pk in split
    ]
    language_of = {pk: language for pk, language, _, _ in facts}
    asked_at = {pk: at for pk, _, _, at in facts}
    told = [(_KIND_OF[verb], reason, pk) for verb, reason, pk, _ in acts if verb in _KIND_OF]
    first: dict[int, timedelta] = {}
    for verb, _, pk, at in acts:
        if verb in _KIND_OF and pk in asked_at:
            first.setdefault(pk, at - asked_at[pk])
    decided = {pk for _, _, pk in told}
    waiting = sum(visibility == Visibility.SUBMITTED for _, _, visibility, _ in facts)
    public = sum(pk not in decided and visibility == Visibility.PUBLISHED for pk, _, visibility, _ in facts)
    by_kind = Counter(kind for kind, _, _ in told)
    return Ledger(
        asked=len(facts),
        at_once=public,
        waiting=waiting,
        decisions=[(kind, by_kind[kind]) for kind in KINDS if by_kind[kind]],
        reasons=_rows((reason, kind) for kind, reason, _ in told if kind in _WITH_REASON and reason),
        languages=_rows(
            ((language_of[pk], kind) for kind, _, pk in told if pk in language_of),
            totals=Counter(language_of.values()),
        ),
        median=round(median(one / MS for one in first.values())) if first else None,
        appeals=_appeals(webinar),
    )


def _rows(pairs: Iterable[tuple[str, str]], totals: Counter[str] | None = None) -> list[Row]:
    """Rows of one table: for each key how many of each kind, the most first."""
    counts: dict[str, Counter[str]] = {}
    for key, kind in pairs:
        counts.setdefault(key, Counter())[kind] += 1
    keys = totals if totals is not None else {key: sum(found.values()) for key, found in counts.items()}
    rows = [
        Row(key, [counts.get(key, Counter())[kind] for kind in KINDS], total) for key, total in keys.items()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.key))


def _appeals(webinar: Webinar) -> list[tuple[str, int]]:
    outcomes = Appeal.objects.filter(question__webinar=webinar).values_list("outcome", flat=True)
    counts = Counter(outcome or "waiting" for outcome in outcomes)
    return [(code, counts[code]) for code in ("waiting", *Outcome.values) if counts[code]]

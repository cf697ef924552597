"""Where groups of people agree and differ: shares by country and by part, in which nobody's own stand can be read.

A group is shown from FEWEST people on who took a side. What is left over could be worked out from the sum: where it
is fewer than FEWEST, the smallest group shown joins it (complementary suppression, as statistical offices do).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

FEWEST: Final = 5  # people in a group that is shown
MOST: Final = 50  # percent: more than so many agree
APART: Final = 20  # points between two groups that are said to differ

Kind = Literal["country", "part"]
OTHERS: Final = ""  # everybody who is in no group shown


@dataclass(frozen=True, slots=True)
class Group:
    """People of one country, or of one part in the webinar, who took a side."""

    kind: Kind
    code: str
    agree: int
    people: int

    @property
    def share(self) -> int:
        """Percent who agree."""
        return round(100 * self.agree / self.people)


@dataclass(frozen=True, slots=True)
class Split:
    """One opinion by groups: by kind those shown, the most agreeing first, the others last."""

    opinion: int
    groups: Mapping[Kind, Sequence[Group]]

    def of(self, kind: Kind) -> list[Group]:
        """Without the others: they have nothing in common."""
        return [group for group in self.groups[kind] if group.code != OTHERS]

    @property
    def can_be_compared(self) -> bool:
        return any(len(self.of(kind)) > 1 for kind in self.groups)

    @property
    def least(self) -> int:
        """The share of the group that agrees least."""
        return min(group.share for kind in self.groups for group in self.of(kind))

    @property
    def unites(self) -> bool:
        """Most agree in every group, and there are two to compare."""
        return self.can_be_compared and self.least > MOST

    @property
    def furthest(self) -> tuple[Group, Group] | None:
        """The two groups of one kind that are furthest apart, the more agreeing first."""
        pairs = [(there[0], there[-1]) for kind in self.groups if len(there := self.of(kind)) > 1]
        return max(pairs, key=_apart, default=None)

    @property
    def spread(self) -> int:
        return _apart(self.furthest) if self.furthest else 0


def split_of(opinion: int, sides: Mapping[Kind, Mapping[str, tuple[int, int]]]) -> Split:
    """`sides`: kind → code ("" where it is not known) → (agree, disagree)."""
    return Split(opinion, {kind: _shown(kind, codes) for kind, codes in sides.items()})


def what_unites(splits: Iterable[Split]) -> list[Split]:
    """The most agreed on first: by the group that agrees least."""
    return sorted(
        (split for split in splits if split.unites), key=lambda split: (-split.least, split.opinion)
    )


def where_we_differ(splits: Iterable[Split]) -> list[Split]:
    """The furthest apart first; what unites is not named again."""
    apart = [split for split in splits if split.spread >= APART and not split.unites]
    return sorted(apart, key=lambda split: (-split.spread, split.opinion))


def _shown(kind: Kind, codes: Mapping[str, tuple[int, int]]) -> list[Group]:
    groups = [Group(kind, code, agree, agree + disagree) for code, (agree, disagree) in codes.items()]
    shown = sorted(
        (group for group in groups if group.code and group.people >= FEWEST),
        key=lambda group: (-group.people, group.code),
    )
    agree, people = (sum(getattr(one, name) for one in groups) for name in ("agree", "people"))
    rest = Group(
        kind, OTHERS, agree - sum(one.agree for one in shown), people - sum(one.people for one in shown)
    )
    if shown and 0 < rest.people < FEWEST:
        smallest = shown.pop()
        rest = Group(kind, OTHERS, rest.agree + smallest.agree, rest.people + smallest.people)
    shown.sort(key=lambda group: (-group.share, group.code))
    return [*shown, rest] if shown and rest.people else shown


def _apart(pair: tuple[Group, Group]) -> int:
    return pair[0].share - pair[1].share

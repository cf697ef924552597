"""How often one person may do what: a token bucket each, in memory, per participant and never per address.

A ministry's network is one address for hundreds of people.
"""

import math
import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .protocol import COMMANDS


@dataclass(frozen=True, slots=True)
class Budget:
    """`burst` at once, then `per_minute`."""

    burst: int
    per_minute: float


# As they are where the site does not say otherwise (settings.BUDGETS).
BUDGETS: Final[dict[str, Budget]] = {
    "ask": Budget(burst=3, per_minute=5),
    "rewrite": Budget(burst=3, per_minute=5),
    "appeal": Budget(burst=3, per_minute=3),
    "vote": Budget(burst=30, per_minute=60),
    "opine": Budget(burst=3, per_minute=5),
    "opinion_rewrite": Budget(burst=3, per_minute=5),
    "stand": Budget(burst=30, per_minute=60),
    "ballot": Budget(burst=15, per_minute=30),
    "report": Budget(burst=3, per_minute=3),
    "react": Budget(burst=10, per_minute=40),
    "raise": Budget(burst=3, per_minute=5),
    "lower": Budget(burst=3, per_minute=5),
    "similar": Budget(burst=12, per_minute=20),  # while one types: a pause each, and answers are remembered
}
OTHERS: Final = Budget(burst=40, per_minute=240)  # the desk works fast, but no script does it
FORGET_AFTER = 600.0  # seconds

# (participant, verb) → (tokens left, when they were counted)
_left: dict[tuple[int, str], tuple[float, float]] = {}
_next_clean = 0.0


def spend(participant: int, verb: str, *, now: float | None = None) -> float:
    """Spend one; 0 when it was there, else the seconds until it is. Called on the loop's thread or under the GIL."""
    now = time.monotonic() if now is None else now
    _clean(now)
    left, rate = _stands(participant, verb, now)
    if left < 1:
        _left[participant, verb] = (left, now)
        return (1 - left) / rate
    _left[participant, verb] = (left - 1, now)
    return 0.0


def until_next(participant: int, verb: str, *, now: float | None = None) -> float:
    """Seconds until this person can do it again; 0 when they can now. Spends nothing."""
    left, rate = _stands(participant, verb, time.monotonic() if now is None else now)
    return max(0.0, (1 - left) / rate)


def after_asking(participant: int) -> dict[str, int]:
    """{"again_in": seconds} where the next question must wait; {} while nobody needs to be told of a limit."""
    wait = until_next(participant, "ask")
    return {"again_in": math.ceil(wait)} if wait else {}


def budget_of(verb: str) -> Budget:
    """The site's own, else the one of here."""
    said = settings.BUDGETS.get(verb)
    if said is None and verb not in BUDGETS:
        said = settings.BUDGETS.get("others")
    return Budget(*said) if said else BUDGETS.get(verb, OTHERS)


def check() -> None:
    """A budget for a command that is none would never hold. Raises ImproperlyConfigured."""
    if unknown := settings.BUDGETS.keys() - COMMANDS.keys() - {"others"}:
        raise ImproperlyConfigured(f"BUDGETS: nobody can do {', '.join(sorted(unknown))}")


def _stands(participant: int, verb: str, now: float) -> tuple[float, float]:
    """How many are left, and how many more come a second."""
    budget, factor = budget_of(verb), float(settings.BUDGET_FACTOR)
    rate, burst = budget.per_minute / 60 * factor, budget.burst * factor
    left, at = _left.get((participant, verb), (burst, now))
    return min(burst, left + (now - at) * rate), rate


def _clean(now: float) -> None:
    global _next_clean
    if now < _next_clean:
        return
    _next_clean = now + FORGET_AFTER
    for key in [key for key, (_, at) in list(_left.items()) if now - at > FORGET_AFTER]:
        del _left[key]


check()

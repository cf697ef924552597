"""How often one person may do what: a token bucket each, in memory, per participant and never per address.

A ministry's network is one address for hundreds of people.
"""

import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Budget:
    """`burst` at once, then `per_minute`."""

    burst: int
    per_minute: float


BUDGETS: Final[dict[str, Budget]] = {
    "ask": Budget(burst=3, per_minute=5),
    "rewrite": Budget(burst=3, per_minute=5),
    "vote": Budget(burst=30, per_minute=60),
    "opine": Budget(burst=3, per_minute=5),
    "opinion_rewrite": Budget(burst=3, per_minute=5),
    "stand": Budget(burst=30, per_minute=60),
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
    budget = BUDGETS.get(verb, OTHERS)
    now = time.monotonic() if now is None else now
    _clean(now)
    factor = float(settings.BUDGET_FACTOR)
    rate = budget.per_minute / 60 * factor
    burst = budget.burst * factor
    left, at = _left.get((participant, verb), (burst, now))
    left = min(burst, left + (now - at) * rate)
    if left < 1:
        _left[participant, verb] = (left, now)
        return (1 - left) / rate
    _left[participant, verb] = (left - 1, now)
    return 0.0


def _clean(now: float) -> None:
    global _next_clean
    if now < _next_clean:
        return
    _next_clean = now + FORGET_AFTER
    for key in [key for key, (_, at) in list(_left.items()) if now - at > FORGET_AFTER]:
        del _left[key]

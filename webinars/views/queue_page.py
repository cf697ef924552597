"""The speaking queue and the reactions as pages draw them; the scripts draw the same from the same frames."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from webinars.live.reactions import minute_of
from webinars.models import Reaction, ReactionSum, Stands, Webinar

Json = dict[str, Any]
# What somebody is told of their own request; whoever has spoken is told nothing any more.
TOLD = (Stands.WAITING, Stands.CALLED, Stands.SPEAKING, Stands.MISSED)
MINUTES = 30  # of reactions in the desk's line
HIGH = 18  # of that line, in its own units


def queue_of(snapshot: Json, own: Json, now: int) -> Json:
    """For one person: who speaks, how many wait, and where they themselves stand."""
    hands = _hands(snapshot)
    waiting = [hand["id"] for hand in hands if hand["stands"] == Stands.WAITING]
    there = {hand["id"]: hand["stands"] for hand in hands}
    stands = there.get(own.get("id"), "")
    is_open = bool(snapshot["webinar"]["queue_open"])
    return {
        "is_open": is_open,
        "is_there": is_open or bool(hands),
        "speaking": next((hand for hand in hands if hand["stands"] == Stands.SPEAKING), None),
        "waiting": len(waiting),
        "own": own,
        "stands": stands if stands in TOLD else "",
        "place": waiting.index(own["id"]) + 1 if stands == Stands.WAITING else 0,
        "waited": (now - own["asked"]) // 60_000 if own else 0,
    }


def desk_queue_of(snapshot: Json, now: int) -> Json:
    """For the desk: everybody in order, with how long each has waited."""
    hands = _hands(snapshot)
    waiting = [hand["id"] for hand in hands if hand["stands"] == Stands.WAITING]
    lines = [_line(hand, waiting, now) for hand in hands]
    is_there = bool(snapshot["webinar"]["queue_open"]) or bool(hands)
    return {"is_there": is_there, "waiting": len(waiting), "hands": lines}


def _line(hand: Json, waiting: list[int], now: int) -> Json:
    place = waiting.index(hand["id"]) + 1 if hand["id"] in waiting else 0
    since = hand["asked"] if place else hand["since"]
    minutes, seconds = divmod(max(0, now - since) // 1000, 60)
    return hand | {
        "place": place,
        "is_later": place > 1,
        "place_name": hand["place"],
        "from": since,
        "waited": f"{minutes}:{seconds:02}",
    }


def _hands(snapshot: Json) -> list[Json]:
    part = snapshot.get("queue", {})
    items = {item["id"]: item for item in part.get("items", ())}
    return [items[pk] for pk in part.get("order", ()) if pk in items]


def reaction_line(webinar: Webinar, now: datetime | None = None) -> Json:
    """Reactions in each of the last minutes, and the line through them."""
    last = minute_of(now or timezone.now())
    first = last - timedelta(minutes=MINUTES - 1)
    sums: Mapping[datetime, int] = ReactionSum.objects.filter(webinar=webinar).since(first).by_minute()
    minutes = [sums.get(first + timedelta(minutes=n), 0) for n in range(MINUTES)]
    top = max(*minutes, 1)
    points = " ".join(f"{n * 2},{19 - HIGH * count / top:.1f}" for n, count in enumerate(minutes))
    return {
        "minutes": minutes,
        "last": minutes[-1],
        "points": points,
        "width": (MINUTES - 1) * 2,
        "at": int(last.timestamp() * 1000),
    }


def reaction_sums(webinar: Webinar) -> list[tuple[str, int]]:
    """How many of each kind in all, in the order of the buttons."""
    sums = ReactionSum.objects.filter(webinar=webinar).by_kind()
    return [(kind, sums[kind]) for kind in Reaction.values if kind in sums]

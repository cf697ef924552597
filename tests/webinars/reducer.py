"""What a page does with frames, in a few lines of Python: the contract's own reading of the wire."""

from typing import Any

WHOLE = (
    "webinar",
    "order",
    "review",
    "aside",
    "answered",
    "addressed",
    "counts",
    "notices",
    "troubles",
    "judged",
)
PARTS = ("polls", "opinions", "queue", "jobs")


def reduce(state: dict[str, Any], frame: dict[str, Any]) -> dict[str, Any]:
    """The state after a frame. Applying a frame twice changes nothing."""
    if frame.get("snapshot"):
        state = {"questions": {}, "votes": {}}
    new = state | {key: frame[key] for key in (*WHOLE, "cursor") if key in frame}
    new["questions"] = state["questions"] | {row["id"]: row for row in frame.get("questions", ())}
    new["votes"] = state["votes"] | frame.get("votes", {})
    for part in PARTS:
        if part in frame:
            new[part] = merged(state.get(part, {"order": [], "items": {}}), frame[part])
    shown = shown_in(new)
    new["questions"] = {pk: row for pk, row in new["questions"].items() if pk in shown}
    new["votes"] = {pk: n for pk, n in new["votes"].items() if int(pk) in shown}
    return new


def merged(part: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    items = part["items"] | {item["id"]: item for item in told.get("items", ())}
    order = told.get("order", part["order"])
    return {"order": order, "items": {pk: items[pk] for pk in order}}


def shown_in(state: dict[str, Any]) -> set[int]:
    """The window: the list, what is on the floor and next, and for staff review and what was put aside."""
    floor = state["webinar"].get("floor")
    return {
        *state["order"],
        *state["webinar"]["next"],
        *(floor["questions"] if floor else ()),
        *state.get("review", ()),
        *state.get("aside", ()),
        *state.get("answered", ()),
        *state.get("addressed", ()),
    }

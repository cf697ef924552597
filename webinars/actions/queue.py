"""The speaking queue: asking to speak, taking it back, and what the desk does about it."""

from uuid import UUID

from accounts.languages import valid
from accounts.plain import one_line
from webinars.models import Act, Hand, Participant, Stands
from webinars.models.queue import UP

from .deed import Deed, Refused

MAX_WORDS = 200
# From where the desk may move somebody to each of these.
STEPS: dict[str, tuple[str, ...]] = {
    Stands.CALLED: (Stands.WAITING,),
    Stands.SPEAKING: (Stands.WAITING, Stands.CALLED),
    Stands.DONE: (Stands.SPEAKING,),
    Stands.MISSED: (Stands.CALLED, Stands.SPEAKING),
    Stands.WAITING: (Stands.CALLED, Stands.SPEAKING, Stands.MISSED, Stands.DONE),
}


def raise_hand(deed: Deed, *, client_id: UUID, text: str = "", language: str = "") -> Hand:
    """Ask to speak. The same `client_id` of the same person gives the first request back, whatever became of it.

    Whoever waits already says by it what they want to say now; their place stays.
    Raises Refused: muted, forbidden, queue_closed, too_long.
    """
    if deed.by is not None:
        first = Hand.objects.filter(participant=deed.by, client_id=client_id).first()
        if first is not None:
            return first
    person = deed.require("raise")
    words = one_line(text)
    if len(words) > MAX_WORDS:
        raise Refused("too_long", limit=MAX_WORDS, length=len(words))
    spoken = language if valid(language) else ""
    hand = Hand.objects.filter(participant=person, stands__in=UP).first()
    if hand is None:
        hand = Hand.objects.create(
            webinar=deed.webinar, participant=person, client_id=client_id, text=words, language=spoken,
            asked_at=deed.at, stood_at=deed.at,
        )  # fmt: skip
    else:
        hand.text, hand.language = words, spoken
        hand.save(update_fields=["text", "language"])
    _tell(deed, hand)
    return hand


def lower_hand(deed: Deed) -> None:
    """Not to wait any longer, or to have spoken. Nothing happens where nobody waits. Raises Refused."""
    person = deed.require("lower")
    for hand in Hand.objects.filter(participant=person, stands__in=UP):
        _stand(deed, hand, Stands.DONE if hand.stands == Stands.SPEAKING else Stands.WITHDRAWN)


def move_hand(deed: Deed, hand_id: int, *, to: str, reason: str = "") -> Act | None:
    """Call somebody, let them speak, note what became of it, or put them back to where they stood.

    Whoever is let speak ends the turn of whoever spoke. Raises Refused: hand_gone (not in this queue, or it cannot
    be done from where they stand), out_of_turn (others wait longer, and no reason was given).
    """
    deed.require("hand")
    hand = Hand.objects.filter(webinar=deed.webinar, pk=hand_id, participant__removed_at=None).first()
    if hand is None:
        raise Refused("hand_gone")
    if to not in STEPS:
        raise Refused("malformed")
    if hand.stands == to:
        return None
    if hand.stands not in STEPS[to]:
        raise Refused("hand_gone")
    why = one_line(reason)[:MAX_WORDS]
    before = {"hand": hand.pk, "stood": hand.stands}
    if hand.stands == Stands.WAITING:
        first = Hand.objects.filter(webinar=deed.webinar).waiting().first()
        if first is not None and first.pk != hand.pk:
            if not why:
                raise Refused("out_of_turn")
            before["ahead_of"] = first.pk
        else:
            why = ""
        hand.reason = why
    if to == Stands.WAITING and _is_up_anew(hand):
        raise Refused("hand_gone")
    if to == Stands.SPEAKING:
        for other in Hand.objects.filter(webinar=deed.webinar, stands=Stands.SPEAKING):
            _stand(deed, other, Stands.DONE)
    _stand(deed, hand, to)
    return deed.record(f"hand_{to}", note=why, before=before)


def close_queue(deed: Deed) -> None:
    """The room closed: nobody speaks or is called any more."""
    for hand in Hand.objects.filter(webinar=deed.webinar, stands__in=UP):
        _stand(deed, hand, Stands.DONE if hand.stands == Stands.SPEAKING else Stands.OVER)


def leave_queue(deed: Deed, person: Participant) -> None:
    """Somebody was sent out of the room, or is erased."""
    for hand in Hand.objects.filter(participant=person, stands__in=UP):
        _stand(deed, hand, Stands.WITHDRAWN)


def unite_hands(deed: Deed, guest: Participant, known: Participant) -> None:
    """Two rows turn out to be one person, who stands where they asked first."""
    up = list(Hand.objects.filter(participant__in=(guest, known), stands__in=UP).order_by("pk"))
    kept = next((hand for hand in up if hand.stands != Stands.WAITING), up[0] if up else None)
    for hand in up:
        if hand != kept:
            _stand(deed, hand, Stands.WITHDRAWN)
    sent = Hand.objects.filter(participant=known).values_list("client_id", flat=True)
    moved = Hand.objects.filter(participant=guest).exclude(client_id__in=list(sent)).update(participant=known)
    if up or moved:
        deed.touch_part("queue")


def own_hand(hand: Hand | None) -> dict[str, object]:
    """What somebody is told of their own request; {} where there is none."""
    if hand is None:
        return {}
    return {
        "id": hand.pk,
        "stands": hand.stands,
        "text": hand.text,
        "lang": hand.language,
        "asked": int(hand.asked_at.timestamp() * 1000),
    }


def _stand(deed: Deed, hand: Hand, stands: str) -> None:
    hand.stands, hand.stood_at = stands, deed.at
    hand.save(update_fields=["stands", "stood_at", "reason"])
    _tell(deed, hand)


def _tell(deed: Deed, hand: Hand) -> None:
    deed.touch_part("queue")
    deed.tell(hand.participant, queue=own_hand(hand))


def _is_up_anew(hand: Hand) -> bool:
    """Did this person ask once more since?"""
    return Hand.objects.filter(participant=hand.participant_id, stands__in=UP).exclude(pk=hand.pk).exists()

"""How the speaking queue is read: everybody sees how many wait and who speaks, the desk who they are."""

from datetime import datetime

from webinars.actions.queue import own_hand
from webinars.models import Hand, Stands

from .part import Json, Part, Thing

FINISHED = 10  # who had their turn lately: what the desk may still put right
AUDIENCES = ("everyone", "speakers", "staff")


def _read(webinar: int) -> list[Thing]:
    here = Hand.objects.filter(webinar=webinar).select_related("participant")
    return [_thing(hand) for hand in (*here.up(), *here.finished()[:FINISHED])]


def _thing(hand: Hand) -> Thing:
    """No names of who waits: one's own place is told by one's own id, in an order that is the same for all."""
    person = hand.participant
    public: Json = {"id": hand.pk, "stands": hand.stands, "lang": hand.language}
    if hand.stands == Stands.SPEAKING:
        public |= {
            "name": person.name or person.place,
            "country": person.country,
            "since": _ms(hand.stood_at),
        }
    desk = public | {
        "text": hand.text,
        "asked": _ms(hand.asked_at),
        "since": _ms(hand.stood_at),
        "by": hand.participant_id,
        "name": person.name,
        "organisation": person.organisation,
        "place": person.place,
        "country": person.country,
        "reason": hand.reason,
    }
    # Whose turn is over is the desk's; whoever was missed learns it here, also in another process.
    told = () if hand.stands == Stands.DONE else AUDIENCES
    return Thing(hand.pk, dict.fromkeys(told, public) | {"desk": desk})


def _own(webinar: int, participant: int) -> Json:
    return own_hand(Hand.objects.filter(participant=participant).order_by("-pk").first())


def _ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


QUEUE = Part(_read, _own)

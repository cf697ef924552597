"""Who speaks in the turn that is open, and going on with one that was interrupted."""

from collections.abc import Iterable

from webinars.models import Act, Floor, Participant, Role, Turn, TurnQuestion, Visibility

from .deed import Deed, Refused
from .floor import open_now, places_before


def set_speakers(deed: Deed, *, speakers: Iterable[int] = (), turn: int | None = None) -> Act | None:
    """These speakers and no others answer what is on the floor. Raises Refused("turn_over") like all of a turn."""
    deed.require("speakers")
    now = open_now(deed, turn)
    if now is None:
        return None
    wanted = set(speakers)
    found = Participant.objects.present().with_role(Role.SPEAKER).filter(webinar=deed.webinar, pk__in=wanted)
    chosen = list(found)
    if len(chosen) != len(wanted):
        raise Refused("not_found")
    before = set(now.speakers.values_list("pk", flat=True))
    if before == wanted:
        return None
    now.speakers.set(chosen)
    deed.touch_room()
    return deed.record("speakers", note=", ".join(map(str, chosen))[:500], before={"was": sorted(before)})


def resume_turn(deed: Deed, *, turn: int) -> Act:
    """Go on with an interrupted turn: a new one that names it, with those of its questions that still are next.

    Raises Refused: floor_taken, or changed when it was resumed already or its questions went another way.
    """
    deed.require("resume")
    if open_now(deed) is not None:
        raise Refused("floor_taken")
    old = Turn.objects.filter(webinar=deed.webinar, pk=turn, interrupted=True, resumed_by=None).first()
    if old is None:
        raise Refused("changed")
    there = [place.question for place in old.places.select_related("question")]
    questions = [one for one in there if one.floor == Floor.NEXT and one.visibility == Visibility.PUBLISHED]
    if not questions:
        raise Refused("changed")
    before = places_before(questions)
    new = Turn.objects.create(webinar=deed.webinar, started_at=deed.at, resumes=old)
    new.speakers.set(old.speakers.all())
    for position, question in enumerate(questions):
        TurnQuestion.objects.create(turn=new, question=question, position=position)
        deed.touch(question, floor=Floor.IN_TURN, next_rank=None)
    deed.touch_room()
    return deed.record("resume", questions[0], before=before | {"opened": new.pk})

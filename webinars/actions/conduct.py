"""Muting or removing somebody, with all that is theirs; and taking either back, at once or much later.

Nothing is deleted: questions go out of sight, votes stop counting, and both come back with the person. Somebody is
meant by their own row, never by an address: a ministry is one address.
"""

from typing import Any, Final

from webinars import policies
from webinars.models import Act, Floor, Participant, Question, Reason, Role, Visibility, Vote, Webinar

from .deed import Deed, Refused
from .opinions import bring_back_theirs, hide_theirs
from .questions import FROM, settle
from .queue import leave_queue
from .sets import count_with_heads, stir
from .stands import lift_stands, put_stands_back

IN_SIGHT: Final = (Visibility.PUBLISHED, Visibility.SUBMITTED, Visibility.RETURNED)


def meant(deed: Deed, verb: str, *, question: int | None = None, person: int | None = None) -> Participant:
    """Who is meant: whoever asked the question, whose name the desk may not even know, or the person named.

    Raises Refused("not_found").
    """
    deed.require(verb)
    if question is not None:
        person = deed.question(question).participant_id
    found = Participant.objects.select_for_update().filter(webinar=deed.webinar, pk=person or 0).first()
    if found is None:
        raise Refused("not_found")
    return found


def _may(deed: Deed, verb: str, person: Participant) -> None:
    """Never to oneself or a host; a moderator to nobody who works here. Raises Refused("of_staff")."""
    me = deed.require(verb)
    if person.pk == me.pk or person.has(Role.HOST) or (not me.has(Role.HOST) and person.has(*policies.STAFF)):
        raise Refused("of_staff")


def mute(deed: Deed, person: Participant, *, on: bool, things: bool = False, reason: str = "") -> Act | None:
    """A muted person reads on but neither asks nor votes; with `things` what they asked goes out of sight, too.

    Taking it back brings those questions back that nobody decided on since.
    """
    _may(deed, "mute", person)
    if not on:
        return _unmute(deed, person)
    before = _standing(person, "muted_at")
    if person.muted_at is not None and not things:
        return None
    person.muted_at = person.muted_at or deed.at
    _save(deed, person, "muted_at")
    if things:
        before |= _out_of_sight(deed, person, reason)
    return deed.record("mute", reason=reason, note=str(person)[:500], before=before)


def _unmute(deed: Deed, person: Participant) -> Act | None:
    if person.muted_at is None:
        return None
    person.muted_at = None
    _save(deed, person, "muted_at")
    return _taken_back(deed, "mute", person, "unmute")


def remove(deed: Deed, person: Participant, *, on: bool = True, reason: str = "") -> Act | None:
    """Out of the room, with all that is theirs: sockets close, the link opens nothing, votes do not count.

    `on` false: back again, with what nobody decided on since. Raises Refused("not_found") for whom nobody removed:
    somebody who was erased, or is known by another row now.
    """
    _may(deed, "remove", person)
    if not on:
        return _restore(deed, person)
    if person.removed_at is not None:
        return None
    before = _standing(person, "removed_at") | _out_of_sight(deed, person, reason)
    before["votes"] = _votes_off(deed, person)
    before["stands"] = lift_stands(deed, person)
    person.removed_at = deed.at
    _save(deed, person, "removed_at")
    leave_queue(deed, person)
    return deed.record("remove", reason=reason, note=str(person)[:500], before=before)


def _restore(deed: Deed, person: Participant) -> Act | None:
    if person.removed_at is None:
        return None
    if not _acts(deed, "remove", person):
        raise Refused("not_found")
    person.removed_at = None
    _save(deed, person, "removed_at")
    return _taken_back(deed, "remove", person, "restore")


def who_can_come_back(webinar: Webinar) -> set[int]:
    """Ids of those who were removed, and not erased or known by another row since."""
    acts = Act.objects.filter(webinar=webinar, verb="remove", undone_by=None, before__has_key="person")
    return {before["person"] for before in acts.values_list("before", flat=True)}


def undo_conduct(deed: Deed, act: Act) -> None:
    """The part of an undo that is about somebody: they stand as before, with what is theirs."""
    person = Participant.objects.select_for_update().filter(
        webinar=deed.webinar, pk=act.before["person"]
    ).first()  # fmt: skip
    if person is None or getattr(person, act.before["fact"]) is None:
        raise Refused("too_late")  # erased, or somebody took it back already
    if not act.before["stood"]:
        setattr(person, act.before["fact"], None)
    _save(deed, person, act.before["fact"])
    bring_back_things(deed, act)


def _standing(person: Participant, fact: str) -> dict[str, Any]:
    return {"person": person.pk, "fact": fact, "stood": getattr(person, fact) is not None}


def _save(deed: Deed, person: Participant, fact: str) -> None:
    """With a seq of its own: sockets that are open are filed anew, and their pages are told."""
    person.seq = deed.seq
    person.save(update_fields=[fact, "seq"])
    # What they asked may stand merged into another's question: there its words go and come with them.
    for question in Question.objects.merged().filter(participant=person).select_related("into"):
        stir(deed, question.into)


# --- what is theirs -----------------------------------------------------------------------------------


def _out_of_sight(deed: Deed, person: Participant, reason: str) -> dict[str, Any]:
    """Hide what they asked; what is being answered right now stays until its turn is over."""
    theirs = Question.objects.filter(webinar=deed.webinar, participant=person, visibility__in=IN_SIGHT)
    theirs = theirs.exclude(floor=Floor.IN_TURN).filter(
        came_by="", on_behalf_of=""
    )  # those are somebody else's
    # One that stands for what others asked is theirs, too, and stays.
    theirs = theirs.exclude(asked_again__visibility=Visibility.MERGED)
    before: dict[str, Any] = {"questions": {}, "parts": []}
    for question in theirs.order_by("pk"):
        act = settle(deed, question, "hide", Visibility.HIDDEN, reason=reason or Reason.OTHER)
        before["questions"] |= act.before["questions"]
        before["parts"].append(act.pk)
    return before | hide_theirs(deed, person, reason)


def bring_back_things(deed: Deed, act: Act) -> None:
    """Questions as they stood where nobody decided on them since, and the votes."""
    parts = {part.question_id: part for part in Act.objects.filter(pk__in=act.before.get("parts", ()))}
    for pk, facts in act.before.get("questions", {}).items():
        question = Question.objects.filter(
            webinar=deed.webinar, pk=int(pk), visibility=Visibility.HIDDEN
        ).first()
        part = parts.get(int(pk))
        if question is None or part is None or question.acts.filter(pk__gt=part.pk, verb__in=FROM).exists():
            continue
        deed.touch(question, **facts)
        for same in question.asked_again.all():
            deed.touch(same)
    if votes := act.before.get("votes"):
        Vote.objects.filter(participant=act.before["person"], question__in=votes).update(is_on=True)
        count_with_heads(deed, votes)
    bring_back_theirs(deed, act)
    put_stands_back(deed, act.before["person"], act.before.get("stands", {}))


def _votes_off(deed: Deed, person: Participant) -> list[int]:
    """Ids of the questions their votes stood on. The rows stay: an off that somebody else pressed."""
    cast = Vote.objects.filter(participant=person, is_on=True, question__webinar=deed.webinar)
    ids = list(cast.values_list("question", flat=True))
    cast.update(is_on=False)
    count_with_heads(deed, ids)
    return ids


def _acts(deed: Deed, verb: str, person: Participant) -> list[Act]:
    """What was done to them of this kind and stands, the newest first."""
    acts = Act.objects.filter(webinar=deed.webinar, verb=verb, undone_by=None, before__person=person.pk)
    return list(acts.order_by("-pk"))


def _taken_back(deed: Deed, verb: str, person: Participant, by: str) -> Act:
    """Bring back what went with each of those acts that stand; where none does, just say that it was taken back."""
    done = None
    for act in _acts(deed, verb, person):
        bring_back_things(deed, act)
        done = deed.undone(act, by, note=str(person)[:500])
    return done or deed.record(by, note=str(person)[:500])

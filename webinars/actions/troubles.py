"""What becomes of "something does not work": reported, moved there from the questions, solved."""

from uuid import UUID, uuid4

from accounts.languages import valid
from webinars.models import Act, Question, Trouble, TroubleKind, Visibility

from .deed import Deed, Refused
from .opinions import move_to_opinions
from .questions import clean, decide


def report_trouble(deed: Deed, *, client_id: UUID, kind: str, text: str = "", language: str = "") -> Trouble:
    """Tell the staff. The same `client_id` of the same person gives the first report back.

    Raises Refused: muted, forbidden, closed (nobody is there), empty ("other" says nothing without words), too_long.
    """
    if deed.by is not None:
        first = Trouble.objects.filter(participant=deed.by, client_id=client_id).first()
        if first is not None:
            return first
    person = deed.require("report")
    words = clean(text) if text.strip() or kind == TroubleKind.OTHER else ""
    trouble = Trouble.objects.create(
        webinar=deed.webinar, participant=person, client_id=client_id, kind=kind, text=words,
        language=language if valid(language) else "", way=person.way, at=deed.at,
    )  # fmt: skip
    deed.touch_room()
    deed.record("report", note=kind)
    return trouble


def solve_troubles(
    deed: Deed, *, trouble: int | None = None, kind: str | None = None, upto: int = 0
) -> Act | None:
    """Mark as solved: one report, or all of a kind up to the last one that the presser has seen.

    A report that came in between stays open. Raises Refused("not_found"), Refused("malformed").
    """
    person = deed.require("solve")
    here = Trouble.objects.filter(webinar=deed.webinar)
    if trouble is not None:
        meant = here.filter(pk=trouble)
        if not meant.exists():
            raise Refused("not_found")
    elif kind is not None:
        meant = here.filter(kind=kind, pk__lte=upto)
    else:
        raise Refused("malformed")
    ids = list(meant.open().values_list("pk", flat=True))
    if not ids:
        return None
    here.filter(pk__in=ids).update(solved_at=deed.at, solved_by=person)
    deed.touch_room()
    return deed.record("solve", note=kind or "", before={"troubles": ids})


def move_question(
    deed: Deed,
    question: Question,
    *,
    to: str,
    kind: str = TroubleKind.OTHER,
    was: str = "",
    seen: int | None = None,
) -> Act | None:
    """A question that says that something does not work goes to the staff, one that is a statement to the opinions;
    `to="review"` brings it back from the staff.

    Its asker sees where it went. Raises Refused("malformed") for another `to`.
    """
    if to == "opinions":
        return move_to_opinions(deed, question, was)
    if to == "troubles":
        return _to_troubles(deed, question, kind, was, seen)
    if to == "review":
        return _to_review(deed, question, was, seen)
    raise Refused("malformed")


def _to_troubles(deed: Deed, question: Question, kind: str, was: str, seen: int | None) -> Act | None:
    act = decide(deed, question, "move", Visibility.TROUBLE, was, seen)
    if act is None:
        return None
    trouble = Trouble.objects.create(
        webinar=deed.webinar, participant=question.participant, client_id=uuid4(), question=question, kind=kind,
        text=question.text, language=question.language, way=question.participant.way, at=question.asked_at,
    )  # fmt: skip
    deed.touch_room()
    act.before["reported"] = trouble.pk
    act.save(update_fields=["before"])
    return act


def _to_review(deed: Deed, question: Question, was: str, seen: int | None) -> Act | None:
    if question.visibility not in (Visibility.TROUBLE, Visibility.SUBMITTED):
        raise Refused("changed")
    act = decide(deed, question, "move", Visibility.SUBMITTED, was, seen)
    if act is None:
        return None
    reports = Trouble.objects.filter(question=question).open()
    act.before["troubles"] = list(reports.values_list("pk", flat=True))
    act.save(update_fields=["before"])
    reports.update(solved_at=deed.at, solved_by=deed.by)
    deed.touch_room()
    return act


def undo_troubles(deed: Deed, act: Act) -> None:
    """The part of an undo that is about troubles: what was marked solved is open, what was made is gone."""
    if solved := act.before.get("troubles"):
        found = Trouble.objects.filter(webinar=deed.webinar, pk__in=solved, solved_at=act.at)
        if found.count() != len(solved):
            raise Refused("too_late")
        found.update(solved_at=None, solved_by=None)
    if reported := act.before.get("reported"):
        Trouble.objects.filter(webinar=deed.webinar, pk=reported).delete()

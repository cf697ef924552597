"""What the desk settles among itself about a question: who is to answer, and notes that nobody else reads."""

from accounts.plain import one_line
from webinars.models import Act, Participant, Question, Role, StaffNote, Visibility

from .deed import Deed, Refused

MAX_NOTE = 500


def assign_question(deed: Deed, question: Question, *, speaker: int | None = None) -> Act | None:
    """Say which speaker is to answer, or that nobody in particular is. Whom the asker addressed stays as it is."""
    deed.require("assign")
    if question.visibility not in (Visibility.PUBLISHED, Visibility.SUBMITTED):
        raise Refused("changed")
    who = speaker_of(deed, speaker) if speaker else None
    if question.assigned_to_id == (who.pk if who else None):
        return None
    before = {"assigned_to_id": question.assigned_to_id}
    deed.touch(question, assigned_to=who)
    note = str(who or "")[:500]
    return deed.record("assign", question, note=note, before={"questions": {question.pk: before}})


def add_note(deed: Deed, question: Question, *, text: str) -> Act:
    """Write a line to the other moderators and hosts. It stays with the question."""
    person = deed.require("note")
    text = one_line(text)
    if not text:
        raise Refused("empty")
    if len(text) > MAX_NOTE:
        raise Refused("too_long", limit=MAX_NOTE, length=len(text))
    if question.visibility == Visibility.WITHDRAWN:
        raise Refused("changed")
    note = StaffNote.objects.create(question=question, by=person, text=text, at=deed.at)
    deed.touch(question)
    return deed.record("note", question, before={"noted": note.pk})


def undo_note(deed: Deed, act: Act) -> None:
    """A note written by a slip is taken back; it is nobody's to read any more."""
    if noted := act.before.get("noted"):
        note = StaffNote.objects.filter(pk=noted, question__webinar=deed.webinar).first()
        if note is not None:
            note.taken_back_at = deed.at
            note.save(update_fields=["taken_back_at"])
            deed.touch(note.question)


def speaker_of(deed: Deed, pk: int) -> Participant:
    """A speaker of this webinar. Raises Refused("not_found") for anybody else."""
    found = Participant.objects.present().with_role(Role.SPEAKER).filter(webinar=deed.webinar, pk=pk).first()
    if found is None:
        raise Refused("not_found")
    return found

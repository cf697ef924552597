"""A person is erased from webinars: a guest by their own link, or somebody with an account from all they were in.

The row stays, for votes, turns and acts point to it; nothing of the person is left in it, and it is nobody's seat.
"""

from accounts import journal
from accounts.models import User
from accounts.names import Names
from config.models import Job
from webinars.models import (
    Act,
    Answer,
    Appeal,
    Citation,
    Floor,
    NameShown,
    Opinion,
    OpinionState,
    Participant,
    Question,
    StaffNote,
    Visibility,
)
from webinars.models.people import default_roles, new_nonce

from .ballots import forget_ballots
from .deed import Deed, deed
from .index import index_later
from .opinions import touch
from .queue import leave_queue
from .renditions import forget_of
from .sets import leave

# Acts of hosts whose note begins with somebody's name.
_NAMING = ("invite", "person", "mute", "unmute", "remove", "restore", "new_link", "assign", "promise_all")


def forget_guest(person: Participant, *, blank_words: bool) -> None:
    """Somebody without an account has themselves erased from one webinar."""
    with deed(person.webinar_id) as done:
        guest = Participant.objects.select_for_update().get(pk=person.pk)
        _erase(done, guest, blank_words)
        journal.note(journal.What.ERASED, detail=f"webinar {guest.webinar_id}, participant {guest.pk}")


def erase_participations(person: User, blank_words: bool) -> None:
    """From every webinar, in the order of their ids: two who are erased at once do not wait for each other."""
    seats = Participant.objects.select_for_update().filter(user=person).order_by("webinar_id")
    for seat in list(seats):
        with deed(seat.webinar_id) as done:
            _erase(done, seat, blank_words)
    # A registration by this very address, made without signing in, is theirs too.
    for guest in (
        Participant.objects.filter(user=None, email=person.email).exclude(email="").order_by("webinar_id")
    ):
        with deed(guest.webinar_id) as done:
            _erase(done, guest, blank_words)


def _erase(done: Deed, person: Participant, blank_words: bool) -> None:
    name = person.name
    questions = list(Question.objects.filter(participant=person))
    for question in questions:
        _take_off(done, question, blank_words and not question.is_on_behalf)
    for opinion in Opinion.objects.filter(participant=person):
        _take_off_opinion(done, opinion, blank_words)
    # Where they stood stays as a number: the seat it hangs on is nobody's from now on, and of no country.
    answered = Answer.objects.filter(speaker=person)
    for question in Question.objects.filter(answers__in=answered).distinct():
        done.touch(question)
        index_later(question.pk)
    if name:
        Citation.objects.filter(question__answers__in=answered, speaker=name).update(speaker="")
        Act.objects.filter(webinar=done.webinar, verb__in=_NAMING, note__startswith=name).update(note="")
    # Who was erased is not brought back.
    Act.objects.filter(webinar=done.webinar, before__person=person.pk).update(before={})
    forget_of(done, person)
    person.attendance.all().delete()
    person.troubles.all().delete()
    leave_queue(done, person)
    person.hands.update(text="", language="")
    StaffNote.objects.filter(question__in=questions).delete()  # what was said of somebody who is nobody here
    Question.objects.filter(assigned_to=person).update(assigned_to=None, seq=done.seq)
    sent = [f"answer-{pk}" for pk in person.deliveries.values_list("pk", flat=True)]
    Job.objects.filter(kind="webinars.answer", key__in=sent).delete()
    person.deliveries.all().delete()
    forget_ballots(done, person, blank_words=blank_words)
    Job.objects.filter(kind="webinars.letter", payload__person=person.pk).delete()
    person.user = None
    person.roles, person.reads = default_roles(), []
    person.name = person.organisation = person.country = person.place = person.zone = person.email = ""
    person.title = person.about = Names()
    person.people_here, person.link_nonce = 1, new_nonce()
    person.invited_at = person.registered_at = None
    person.removed_at, person.seq = done.at, done.seq
    person.save()
    # What was sent before is void: nobody is left with the words because a frame said nothing of them.
    done.touch_room(epoch=done.webinar.epoch + 1)
    done.record("erase")


def _take_off_opinion(done: Deed, opinion: Opinion, blank_words: bool) -> None:
    changes: dict[str, object] = {"name_shown": NameShown.NOBODY, "archive_keeps_name": False}
    if blank_words:
        changes |= {"text": "", "visibility": OpinionState.WITHDRAWN, "reason_note": ""}
        Act.objects.filter(opinion=opinion).update(before={}, note="")
    touch(done, opinion, **changes)


def _take_off(done: Deed, question: Question, blank_words: bool) -> None:
    """The name goes in any case; with the words the question leaves the room and the archive."""
    changes: dict[str, object] = {"name_shown": NameShown.NOBODY, "archive_keeps_name": False, "unclear": {}}
    if blank_words:
        leave(done, question)
        question.renditions.filter(answer=None).delete()  # the same words in other languages
        changes |= {"text": "", "text_before": "", "visibility": Visibility.WITHDRAWN}
        changes |= {"reason_note": "", "next_rank": None, "into": None, "split_with": None}
        Appeal.objects.filter(question=question).update(text="", note="")
        if question.floor == Floor.NEXT:
            changes["floor"] = Floor.WAITING
        if question.floor == Floor.IN_TURN:
            changes["floor"] = Floor.DONE
        # They hold what the words were, and what somebody wrote about them.
        Act.objects.filter(question=question).update(before={}, note="")
    done.touch(question, **changes)
    index_later(question.pk)

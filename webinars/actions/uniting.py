"""A guest turns out to be somebody who is here already: one participant from now on, with what both did."""

from accounts.models import User
from accounts.names import Names
from webinars.models import (
    AgendaItem,
    Answer,
    Floor,
    Opinion,
    OpinionState,
    Participant,
    Question,
    Side,
    StaffNote,
    Stand,
    Visibility,
    Vote,
)

from .ballots import move_ballots
from .deed import Deed, deed
from .index import index_later
from .opinions import touch
from .queue import unite_hands
from .sets import count_with_heads, leave


def unite(guest: Participant, user: User) -> Participant:
    """A guest signed in: one participant from now on (questions move, votes as a union)."""
    if guest.user_id == user.pk:
        return guest
    with deed(guest.webinar_id) as done:
        guest = Participant.objects.select_for_update().get(pk=guest.pk)
        known = Participant.objects.select_for_update().filter(webinar=done.webinar, user=user).first()
        if known is None:
            if guest.user_id is None:
                guest.user = user
                guest.save(update_fields=["user"])
            return guest
        if guest.user_id is None and guest.removed_at is None:
            _merge(done, guest, known)
    return known


def unite_links(guest: Participant, known: Participant) -> Participant:
    """A guest opened their own portable link in the same browser: what they did here becomes that person's."""
    if guest.pk == known.pk or guest.webinar_id != known.webinar_id:
        return known
    with deed(guest.webinar_id) as done:
        people = Participant.objects.select_for_update().present().in_bulk([guest.pk, known.pk])
        if len(people) == 2 and people[guest.pk].user_id is None:
            _merge(done, people[guest.pk], people[known.pk])
            return people[known.pk]
    return known


def _merge(done: Deed, guest: Participant, known: Participant) -> None:
    mine = _move_questions(done, guest, known)
    _move_votes(done, guest, known, mine)
    _move_opinions(done, guest, known)
    _move_stands(done, guest, known)
    move_ballots(done, guest, known)
    _move_parts(done, guest, known)
    unite_hands(done, guest, known)
    known.roles = sorted({*known.roles, *guest.roles})
    for fact in ("joined_at", "invited_at", "registered_at", "muted_at", "title", "about"):
        setattr(known, fact, getattr(known, fact) or getattr(guest, fact))
    known.seq = (
        done.seq
    )  # its live sockets are filed anew; the guest's end with the session or in the next sweep
    known.save()
    guest.attendance.update(participant=known)
    guest.removed_at = done.at
    # The person is known by one row alone from now on: whoever erases that must leave nothing here.
    guest.name = guest.organisation = guest.country = guest.place = guest.email = ""
    guest.title = guest.about = Names()
    guest.save()
    done.touch_room()


def _move_questions(done: Deed, guest: Participant, known: Participant) -> list[int]:
    """All questions the person has now."""
    sent = set(known.questions.values_list("client_id", flat=True))
    for question in guest.questions.all():
        if question.client_id not in sent:
            done.touch(question, participant=known)
        elif question.floor in (Floor.WAITING, Floor.NEXT):  # one question, sent twice by one browser
            leave(done, question)
            done.touch(
                question, text="", text_before="", visibility=Visibility.WITHDRAWN, floor=Floor.WAITING,
                next_rank=None,
            )  # fmt: skip
            index_later(question.pk)
    return list(known.questions.values_list("pk", flat=True))


def _move_votes(done: Deed, guest: Participant, known: Participant, mine: list[int]) -> None:
    """The union: a person counts once, and not on their own questions."""
    cast = Vote.objects.filter(participant=guest)
    touched = {*mine, *cast.values_list("question", flat=True)}
    Vote.objects.filter(participant__in=(guest, known), question__in=mine).delete()
    cast.filter(is_on=False).delete()
    stands = Vote.objects.filter(participant=known)
    cast.filter(question__in=list(stands.filter(is_on=True).values_list("question", flat=True))).delete()
    stands.filter(question__in=list(cast.values_list("question", flat=True))).delete()
    done.ballots += [(known.pk, pk, True) for pk in cast.values_list("question", flat=True)]
    cast.update(participant=known)
    count_with_heads(done, touched)


def _move_opinions(done: Deed, guest: Participant, known: Participant) -> None:
    sent = set(known.opinions.values_list("client_id", flat=True))
    for opinion in guest.opinions.all():
        if opinion.client_id not in sent:
            touch(done, opinion, participant=known)
        else:  # one opinion, sent twice by one browser
            touch(done, opinion, text="", visibility=OpinionState.WITHDRAWN)


def _move_stands(done: Deed, guest: Participant, known: Participant) -> None:
    """A person counts once: where both took a stand, that of the person with the account holds."""
    taken = Stand.objects.filter(participant=guest)
    touched = set(taken.values_list("opinion", flat=True))
    if not touched:
        return
    stands = Stand.objects.filter(participant=known)
    taken.filter(side="").delete()
    taken.filter(opinion__in=list(stands.exclude(side="").values_list("opinion", flat=True))).delete()
    stands.filter(opinion__in=list(taken.values_list("opinion", flat=True))).delete()
    taken.update(participant=known)
    for opinion in Opinion.objects.filter(pk__in=touched):
        counts = {side: opinion.stands.filter(side=side).count() for side in Side.values}
        Opinion.objects.filter(pk=opinion.pk).update(**counts)
    done.touch_part("opinions")
    done.stir(known.pk, "opinions")


def _move_parts(done: Deed, guest: Participant, known: Participant) -> None:
    """What the guest was asked, said and has on the agenda."""
    Question.objects.filter(addressed_to=guest).update(addressed_to=known, seq=done.seq)
    Question.objects.filter(assigned_to=guest).update(assigned_to=known, seq=done.seq)
    Question.objects.filter(answers__speaker=guest).update(seq=done.seq)
    Answer.objects.filter(confirmed_by=guest).update(confirmed_by=known)
    StaffNote.objects.filter(by=guest).update(by=known)
    there = known.deliveries.values_list("answer", flat=True)
    guest.deliveries.exclude(answer__in=list(there)).update(participant=known)
    Answer.objects.filter(speaker=guest).update(speaker=known)
    sent = known.troubles.values_list("client_id", flat=True)
    guest.troubles.exclude(client_id__in=list(sent)).update(participant=known)
    for turn in guest.turns.all():
        turn.speakers.add(known)
        turn.speakers.remove(guest)
    for item in AgendaItem.objects.filter(speakers=guest):
        item.speakers.add(known)
        item.speakers.remove(guest)

"""Seats the people of an event: speakers and staff with their roles, and the accounts that may sign in as them."""

from typing import TYPE_CHECKING

from accounts.names import Names
from webinars.demo import shapes
from webinars.demo.accounts import SIGN_INS
from webinars.models import Participant, Role, Webinar

if TYPE_CHECKING:
    from webinars.demo.build import Made


def names(words: shapes.Words | None) -> Names:
    return Names(words.original, dict(words.texts)) if words else Names()


def seat_people(made: "Made", event: shapes.Event, webinar: Webinar) -> dict[str, Participant]:
    """A participant for each person of the event, by key; in examples also the participant who signs in."""
    accounts = made.people if event.example else {}
    # One language only: the one that most readers share.
    organisations = {one.key: names(one.names).best(["en"]).text for one in event.organisations}
    seated = {}
    for one in event.people:
        user = accounts.get(one.key)
        title = " / ".join(said.text for said in (one.title, one.title_also) if said)
        seated[one.key] = Participant.objects.create(
            webinar=webinar,
            user=user,
            roles=sorted({Role.ATTENDEE, *one.roles}),
            name=str(one.names),
            title=Names.of(one.title.lang, title) if one.title else Names(),
            about=names(one.said),
            organisation=organisations.get(one.organisation or "", ""),
            country=one.country,
            zone=one.zone,
            email=user.email if user else "",
            reads=list(one.reads),
            invited_at=made.now,
            consent_version=1 if event.example else 0,
        )
    for guest in (one for one in SIGN_INS if one.person == "participant" and event.kind == "live"):
        user = accounts[guest.person]
        seated[guest.person] = Participant.objects.create(
            webinar=webinar, user=user, name=user.name, country=user.country, zone=user.zone,
            reads=user.reads, email=user.email, place="Ховд", joined_at=made.now, consent_version=1,
        )  # fmt: skip
    return seated

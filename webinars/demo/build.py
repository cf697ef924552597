"""Makes rows of the demo's content, piece by piece: what is there already stays as it is."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.actions import create_user, give_role
from accounts.models import Organisation, User
from accounts.writing import writing
from config import jobs
from knowledge.models import Guide
from webinars.demo import knowledge, practice, quiet
from webinars.demo.accounts import SIGN_INS
from webinars.demo.content import load
from webinars.demo.people import names
from webinars.demo.shapes import Demo, Event
from webinars.models import Series, Webinar


class OwnContent(Exception):
    """The database holds somebody's real content, with which the demo is never mixed."""


@dataclass(frozen=True, slots=True)
class Made:
    """What the webinars are built from."""

    demo: Demo
    now: datetime
    people: MappingProxyType[str, User]  # by their key in the practice webinar
    organisations: MappingProxyType[str, Organisation]
    series: MappingProxyType[str, Series]
    guides: MappingProxyType[str, Guide]


def build(now: datetime | None = None) -> bool:
    """The whole demo. False when it was there already; raises OwnContent and changes nothing where it must not be."""
    demo = load()
    if webinar_of(demo.events["practice"]):
        return False
    refuse_own_content(demo)
    people = _people(demo)
    made = Made(
        demo=demo,
        now=now or timezone.now(),
        people=MappingProxyType(people),
        organisations=MappingProxyType(_organisations(demo)),
        series=MappingProxyType(_series(demo)),
        guides=MappingProxyType(knowledge.publish_guides(demo, author=people["expert"])),
    )
    for key in ("2020-08-27", "upcoming"):
        if not webinar_of(demo.events[key]):
            quiet.make(made, demo.events[key])
    practice.make(made, demo.events["practice"])  # last: that it is there means that all is there
    jobs.work_due()  # the answered questions go into the search at once
    return True


def refuse_own_content(demo: Demo) -> None:
    ours = {str(event.title) for event in demo.events.values()}
    if User.objects.filter(is_demo=False).exists() or any(
        str(webinar.title) not in ours for webinar in Webinar.objects.only("title")
    ):
        raise OwnContent(
            "This database holds people or webinars of your own, and the demo is not mixed with them. "
            "Choose another folder for it: python3 manage.py quickstart --data DIR"
        )


def webinar_of(event: Event) -> Webinar | None:
    """The webinar made of this event, found by its title: a demo database holds few."""
    for webinar in Webinar.objects.order_by("pk")[:200]:
        if str(webinar.title) == str(event.title):
            return webinar
    return None


def _people(demo: Demo) -> dict[str, User]:
    """The sign-ins, by their key in the practice webinar, else by their role."""
    roles = {person.key: person for person in demo.events["practice"].people}
    found: dict[str, User] = {}
    hashed: dict[str, str] = {}  # a third of a second each, and these passwords are no secret
    for one in SIGN_INS:
        person = roles.get(one.person)
        user = User.objects.by_email(one.email)
        if user is None:
            user = create_user(
                one.email, None, verified=True, is_demo=True, name=one.name,
                country=person.country if person else one.country,
                reads=person.reads if person else one.reads,
                zone=person.zone if person else one.zone,
            )  # fmt: skip
        if not user.has_usable_password():
            if one.password not in hashed:
                hashed[one.password] = make_password(one.password)
            user.password = hashed[one.password]
            user.save(update_fields=["password"])
        for role in one.site_roles:
            if not user.has_role(role):
                give_role(user, role)
        found[one.person or one.role] = user
    return found


def _organisations(demo: Demo) -> dict[str, Organisation]:
    found = {}
    for event in demo.events.values():
        for one in event.organisations:
            with writing():
                found[one.key] = Organisation.objects.called(str(one.names)) or Organisation.objects.create(
                    names=names(one.names), country=one.country
                )
    return found


def _series(demo: Demo) -> dict[str, Series]:
    there = {str(series.name): series for series in Series.objects.all()}
    found = {}
    for key, one in demo.series.items():
        if str(one.names) not in there:
            with writing():
                there[str(one.names)] = Series.objects.create(name=names(one.names))
        found[key] = there[str(one.names)]
    return found

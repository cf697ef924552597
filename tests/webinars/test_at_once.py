"""Two requests of one person at the same moment, on an engine where transactions really run side by side."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.factories import make_person, make_user, make_webinar
from webinars.actions.deed import deed
from webinars.actions.people import change_person, enter_webinar, register
from webinars.models import Participant

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Each in a thread and a connection of its own, begun together; what they returned, or raises."""
    together = Barrier(len(deeds))

    def do(one: Callable[[], Any]) -> Any:
        try:
            together.wait(30)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def test_somebody_who_presses_enter_in_two_tabs_is_one_participant() -> None:
    webinar, user = make_webinar(), make_user()
    for _ in range(5):
        came = at_once(*[lambda: enter_webinar(webinar, user=user, country="MN")] * 4)
        assert len({person.pk for person in came}) == 1
        Participant.objects.all().delete()


def test_registering_twice_at_once_is_registering_once() -> None:
    webinar, user = make_webinar(state="scheduled"), make_user()
    came = at_once(*[lambda: register(webinar, email=user.email, user=user)] * 4)
    assert len({person.pk for person in came}) == 1
    assert Participant.objects.filter(webinar=webinar).count() == 1


def test_a_host_and_the_person_change_different_things_at_once_and_both_stand() -> None:
    webinar = make_webinar()
    host, person = make_person(webinar, "H", "host"), make_person(webinar, "Before")

    def promote() -> None:
        with deed(webinar.pk, by=host) as done:
            change_person(done, person.pk, roles=["speaker"])

    for n in range(5):
        Participant.objects.filter(pk=person.pk).update(roles=["attendee"])
        at_once(promote, lambda: enter_webinar(webinar, person=person, organisation=f"Office {n}"))  # noqa: B023
        now = Participant.objects.get(pk=person.pk)
        assert "speaker" in now.roles
        assert now.organisation == f"Office {n}"

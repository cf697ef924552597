"""A full disk (R8): what is acknowledged is there, the rest is said to be not saved, and reading goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.factories import make_person, make_webinar
from tests.site import session_of
from webinars.addresses import address
from webinars.live.protocol import Command
from webinars.live.writer import Order, Writer, write
from webinars.models import Question

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def full_disk() -> Iterator[None]:
    """The database may grow by a few pages and then no more."""
    if connection.vendor != "sqlite":
        pytest.skip("how full a disk is, PostgreSQL's own machine says")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that earlier tests left free would be room enough
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 10}")
    yield
    connection.close()  # it was this connection's own measure


def test_r8_on_a_full_disk_what_is_acknowledged_is_there_and_the_rest_is_said_to_be_not_saved() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    session = session_of(person)
    done: list[dict[str, Any]] = []
    writer = Writer(lambda results: done.extend(outcome for _, outcome in results))

    def ask() -> Order:
        command = Command("ask", {"client_id": uuid4(), "text": "х" * 500, "language": "mn"})
        return Order(command, webinar.pk, person.pk, session, print)

    with full_disk():
        for _ in range(60):
            writer.submit(ask())
        writer.stop()
        writer.run()
    saved = [outcome for outcome in done if "ok" in outcome]
    assert 0 < len(saved) < 60
    assert [o for o in done if "ok" not in o] == [{"error": "not_saved"}] * (60 - len(saved))
    assert Question.objects.count() == len(saved)
    assert "ok" in write([ask()])[0]


def test_r8_on_a_full_disk_a_script_that_posts_is_told_so_and_reads_on(settings: Any) -> None:
    settings.BUDGET_FACTOR = 1000
    webinar = make_webinar()
    browser = Client(headers={"Accept": "application/json"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(make_person(webinar))
    fields = {"do": "ask", "text": "х" * 500, "language": "mn"}
    there = address(webinar, "do")
    with full_disk():
        answers = [browser.post(there, fields | {"client_id": str(uuid4()), "ref": "7"}) for _ in range(200)]
        assert browser.get(address(webinar, "changes")).status_code == 200
    refused = [answer.json() for answer in answers if answer.status_code != 200]
    assert refused
    assert {answer.status_code for answer in answers} == {200, 507}
    assert all(answer == {"ref": "7", "error": "not_saved"} for answer in refused)
    assert Question.objects.count() == 200 - len(refused)

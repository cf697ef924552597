"""The group-commit writer: one bad order harms nobody, a refusal leaves nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.addresses import address
from webinars.live.protocol import Command
from webinars.live.writer import BATCH, Order, Writer, write
from webinars.models import Act, Participant, Question, Webinar

pytestmark = pytest.mark.django_db(transaction=True)


def order(person: Participant, do: str, **args: object) -> Order:
    return Order(Command(do, args), person.webinar_id, person.pk, session_of(person), lambda outcome: None)


def test_a_batch_of_votes_takes_the_same_number_of_statements_as_one() -> None:
    webinar = make_webinar()
    questions = [make_question(webinar) for _ in range(3)]
    people = [make_person(webinar) for _ in range(40)]
    one = [order(people[0], "vote", question=questions[0].pk, on=True)]
    many = [order(p, "vote", question=questions[n % 3].pk, on=True) for n, p in enumerate(people)]
    with CaptureQueriesContext(
        connection,
    ) as first:
        write(one)
    with CaptureQueriesContext(connection) as second:
        assert write(many) == [{"ok": {}}] * 40
    assert len(second) - len(first) <= 2  # one sum for each of the three questions
    assert sorted(Question.objects.values_list("votes", flat=True)) == [13, 13, 14]


def test_a_refused_deed_in_a_batch_leaves_nothing_behind_and_the_others_stand() -> None:
    webinar = make_webinar()
    person, host = make_person(webinar), make_person(webinar, "H", "host")
    pending = make_question(webinar, visibility="submitted")
    outcomes = write(
        [
            order(person, "ask", client_id=uuid4(), text="One?", language="en"),
            order(person, "publish", question=pending.pk),
            order(host, "publish", question=pending.pk),
            order(person, "vote", question=pending.pk, on=True),
            order(person, "ask", client_id=uuid4(), text=" ", language="en"),
        ]
    )
    assert [next(iter(o)) for o in outcomes] == ["ok", "error", "ok", "ok", "error"]
    assert list(Act.objects.order_by("id").values_list("verb", flat=True)) == ["ask", "publish"]
    assert Webinar.objects.get().seq == 2  # one bump for the batch, after the one of the factory


def test_an_order_that_breaks_something_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    webinar = make_webinar()
    person, question = make_person(webinar), make_question(webinar)
    from webinars.live import verbs

    def breaks(deed: object, args: object) -> dict[str, object]:
        Question.objects.create(
            webinar=webinar, participant_id=10**9, client_id=uuid4(), text="x", language="en"
        )
        raise RuntimeError("broken")

    monkeypatch.setitem(verbs.DEEDS, "withdraw", breaks)  # type: ignore[arg-type]
    batch = [
        order(person, "vote", question=question.pk, on=True),
        order(person, "withdraw", question=question.pk),
        order(person, "ask", client_id=uuid4(), text="Still here?", language="en"),
    ]
    outcomes: list[dict[str, object]] = []
    writer = Writer(lambda results: outcomes.extend(outcome for _, outcome in results))
    for item in batch:
        writer.submit(item)
    writer.stop()
    writer.run()
    assert [next(iter(o)) for o in outcomes] == ["ok", "error", "ok"]
    assert outcomes[1] == {"error": "not_saved"}
    assert Question.objects.count() == 2


def test_a_person_of_one_webinar_does_nothing_in_another() -> None:
    here, there = make_webinar(), make_webinar()
    person, question = make_person(here), make_question(there)
    forged = Order(
        Command("vote", {"question": question.pk, "on": True}), there.pk, person.pk, session_of(person), print
    )
    assert write([forged]) == [{"error": "removed"}]


def test_what_one_person_sends_is_done_in_that_order_however_long_the_queue_is() -> None:
    webinar = make_webinar()
    question, person = make_question(webinar), make_person(webinar)
    session = session_of(person)
    done: list[tuple[bool, object]] = []
    writer = Writer(lambda results: done.extend((o.command.args["on"], outcome) for o, outcome in results))
    wanted = [n % 2 == 0 for n in range(BATCH * 2 + 2)]
    for on in wanted:
        command = Command("vote", {"question": question.pk, "on": on})
        writer.submit(Order(command, webinar.pk, person.pk, session, print))
    writer.stop()
    writer.run()
    assert done == [(on, {"ok": {}}) for on in wanted]
    assert Question.objects.get(pk=question.pk).votes == 0


@contextmanager
def full_disk() -> Iterator[None]:
    """The database may grow by a few pages and then no more."""
    if connection.vendor != "sqlite":
        pytest.skip("how full a disk is, PostgreSQL's own machine says")
    with connection.cursor() as cursor:
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

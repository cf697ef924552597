"""The group-commit writer: one bad order harms nobody, a refusal leaves nothing behind."""

import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.live.protocol import Command
from webinars.live.writer import BATCH, PACE, Order, Writer, write
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


def test_what_comes_in_a_rush_shares_a_commit_and_a_command_alone_does_not_wait() -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    people = [make_person(webinar) for _ in range(30)]
    batches: list[int] = []
    writer = Writer(lambda results: batches.append(len(results)))
    writer.start()
    start = time.monotonic()
    for person in people:
        writer.submit(order(person, "vote", question=question.pk, on=True))
        time.sleep(PACE / 10)
    writer.stop()
    writer.join()
    assert sum(batches) == 30
    assert batches[0] == 1
    assert len(batches) <= 2 + (time.monotonic() - start) / PACE

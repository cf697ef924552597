"""Nothing lost, nothing doubled: crashes, retries, reconnects (R1–R5, R9)."""

import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.factories import make_person, make_question, make_webinar
from tests.site import Site, session_of
from tests.webinars.reducer import reduce
from webinars.actions import questions
from webinars.actions.deed import deed
from webinars.live import changes, reading
from webinars.models import Question, Vote


def window_of(heard: list[dict]) -> dict:  # type: ignore[type-arg]
    state: dict = {}  # type: ignore[type-arg]
    for message in heard:
        if "cursor" in message:
            state = reduce(state, message)
    return state


def fresh(webinar_id: int, audience: str = "everyone") -> dict:  # type: ignore[type-arg]
    here = reading.load(webinar_id)
    assert here is not None
    return reduce({}, changes.Window(audience).snapshot(here))


@pytest.fixture
def own_site(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    """A server that this test may kill."""
    site = Site(tmp_path)
    site.start()
    yield site
    site.stop()


def test_r1_what_was_acknowledged_survives_a_kill_and_reaches_everybody_after_it(own_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker, reader = make_person(webinar), make_person(webinar)
    session = session_of(reader)
    acked: list[int] = []
    for round_ in range(3):
        own_site.ensure()
        with own_site.socket(asker) as line:
            for n in range(10):
                reply = line.ask_for("ask", client_id=str(uuid4()), text=f"{round_}.{n}?", language="en")
                acked.append(reply["ok"]["question"])
            own_site.kill()  # after the acknowledgement, whatever became of the frame
    own_site.start()
    assert sorted(acked) == list(Question.objects.order_by("pk").values_list("pk", flat=True))
    with own_site.socket(reader, session=session) as line:
        line.until("snapshot")
        assert sorted(window_of(line.heard)["questions"]) == sorted(acked)


def test_r1_a_command_that_was_not_acknowledged_is_sent_again_and_done_once(own_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker = make_person(webinar)
    ids = [str(uuid4()) for _ in range(30)]
    with own_site.socket(asker) as line:
        for client_id in ids:
            line.say("ask", client_id=client_id, text="How many?", language="en")
        line.until("ok")  # some are on disk, of most the page does not know
        own_site.kill()
    own_site.start()
    with own_site.socket(asker) as line:
        for client_id in ids:  # what a page does with its outbox
            line.ask_for("ask", client_id=client_id, text="How many?", language="en")
    assert sorted(map(str, Question.objects.values_list("client_id", flat=True))) == sorted(ids)


def test_r2_the_same_client_id_gives_the_first_question_back(live_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker, reader = make_person(webinar), make_person(webinar)
    client_id = str(uuid4())
    with live_site.socket(asker) as one, live_site.socket(asker) as two, live_site.socket(reader) as other:
        first = one.ask_for("ask", client_id=client_id, text="Once?", language="en")
        again = two.ask_for("ask", client_id=client_id, text="Once?", language="en")
        assert again["ok"] == first["ok"]
        other.until("questions", "order")
        assert [m for m in other.quiet() if m.get("questions")] == []
    assert Question.objects.count() == 1


def test_a_line_that_was_cut_gets_exactly_what_it_missed(live_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker, reader = make_person(webinar), make_person(webinar)
    with live_site.socket(reader) as line, live_site.socket(asker) as other:
        cursor = line.until("snapshot")["cursor"]
        before = list(line.heard)
        line.ws.close()
        for n in range(20):
            other.ask_for("ask", client_id=str(uuid4()), text=f"Number {n}?", language="en")
        with live_site.socket(reader, cursor) as back:
            back.until("mine")
            frames = [m for m in back.heard if "cursor" in m]
            assert not any(m.get("snapshot") for m in frames)  # frames from memory, no query
            back.quiet()
            assert window_of(before + back.heard) == fresh(webinar.pk)


@pytest.mark.parametrize(
    "cursor", ["9.everyone.1", "1.desk.1", "1.everyone.x", "nonsense", "", "1.everyone.999999999"]
)
def test_a_cursor_of_another_world_never_leaves_a_page_behind(live_site: Site, cursor: str) -> None:
    webinar = make_webinar()
    make_question(webinar)
    with live_site.socket(make_person(webinar), cursor) as line:
        line.until("snapshot")
        assert window_of(line.heard) == fresh(webinar.pk)


def test_a_change_made_by_another_process_reaches_the_sockets(live_site: Site) -> None:
    webinar = make_webinar()
    asker, desk = make_person(webinar), make_person(webinar, "Desk", "host")
    with live_site.socket(asker) as line:
        line.until("mine")
        with deed(webinar.pk, by=desk) as done:  # this test is another process
            asked = questions.ask_question(done, client_id=uuid4(), text="From outside?", language="en")
        assert line.until("questions")["questions"][0]["id"] == asked.pk


def test_r5_every_change_of_a_burst_arrives(live_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    people = [make_person(webinar) for _ in range(8)]
    reader = make_person(webinar)

    def ask_many(person) -> None:  # type: ignore[no-untyped-def]
        with live_site.socket(person) as line:
            for n in range(40):
                line.say("ask", client_id=str(uuid4()), text=f"{person.pk}.{n}?", language="en")
            for _ in range(40):
                line.until("ok")

    with live_site.socket(reader) as line:
        line.until("snapshot")
        threads = [threading.Thread(target=ask_many, args=[person]) for person in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        line.until(cursor=fresh(webinar.pk)["cursor"])
        assert window_of(line.heard) == fresh(webinar.pk)
    assert Question.objects.count() == 320


def test_a_burst_of_votes_is_few_frames_and_one_right_count(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    voters = [make_person(webinar) for _ in range(30)]
    with live_site.socket(make_person(webinar)) as reader:
        reader.until("snapshot")
        lines = [live_site.socket(person) for person in voters]
        opened = [line.__enter__() for line in lines]
        try:
            for line in opened:
                for on in (True, False, True):
                    line.say("vote", question=question.pk, on=on)
            for line in opened:
                for _ in range(3):
                    line.until("ok")
            frames = [reader.until("votes")]
            while frames[-1]["votes"] != {str(question.pk): 30}:
                frames.append(reader.until("votes"))
        finally:
            for line in lines:
                line.__exit__(None, None, None)
        assert len(frames) < 90  # 90 votes changed something; a frame each would be the peers' way
        assert not any("questions" in frame for frame in frames)  # texts are not sent again for a vote
    assert Vote.objects.filter(question=question, is_on=True).count() == 30
    assert Question.objects.get(pk=question.pk).votes == 30


def test_r3_an_older_vote_that_arrives_late_changes_nothing_it_should_not(live_site: Site) -> None:
    webinar = make_webinar()
    question, voter = make_question(webinar), make_person(webinar)
    with live_site.socket(voter) as line:
        for on in (True, True, False, False, True):
            assert line.ask_for("vote", question=question.pk, on=on)["ok"] == {}
    assert Question.objects.get(pk=question.pk).votes == 1

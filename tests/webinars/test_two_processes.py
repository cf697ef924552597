"""Two server processes on one database: whatever one commits reaches the sockets of the other (R4)."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from tests.factories import make_person, make_question, make_webinar
from tests.site import Site
from tests.webinars.reducer import reduce
from webinars.actions import conduct
from webinars.actions.deed import deed
from webinars.live import changes, reading
from webinars.models import Question, ReactionSum


@pytest.fixture
def two_sites(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Site, Site]]:
    sites = Site(tmp_path / "one"), Site(tmp_path / "two")
    for site in sites:
        site.data.mkdir()
        site.start()
    yield sites
    for site in sites:
        site.stop()


def test_what_is_asked_at_one_process_is_seen_at_the_other(two_sites: tuple[Site, Site]) -> None:
    one, two = two_sites
    webinar = make_webinar()
    asker, moderator = make_person(webinar), make_person(webinar, "M", "moderator")
    with one.socket(asker) as phone, two.socket(moderator) as desk:
        phone.until("mine")
        desk.until("mine")
        asked = phone.ask_for("ask", client_id=str(uuid4()), text="Across?", language="en")["ok"]["question"]
        assert desk.until("review")["review"] == [asked]
        desk.ask_for("publish", question=asked)
        assert [row["text"] for row in phone.until("questions")["questions"]] == ["Across?"]
        assert phone.until("mine")["mine"]["questions"][0]["visibility"] == "published"


def test_votes_at_both_processes_are_one_count_at_both(two_sites: tuple[Site, Site]) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    lines = [site.socket(make_person(webinar)) for site in two_sites for _ in range(10)]
    opened = [line.__enter__() for line in lines]
    try:
        for line in opened:
            line.say("vote", question=question.pk, on=True)
        for line in opened:
            while True:
                counted = line.until("votes")
                if counted["votes"].get(str(question.pk)) == 20:
                    break
    finally:
        for line in lines:
            line.__exit__(None, None, None)
    assert Question.objects.get(pk=question.pk).votes == 20


def test_a_right_taken_at_one_process_ends_the_sockets_at_the_other(two_sites: tuple[Site, Site]) -> None:
    webinar = make_webinar()
    host, guest = make_person(webinar, "H", "host"), make_person(webinar)
    with two_sites[1].socket(guest) as line:
        line.until("mine")
        with deed(webinar.pk, by=host) as done:
            conduct.remove(done, guest)
        with pytest.raises(Exception, match="4403"):
            line.hear_all()


def test_reactions_at_both_processes_are_one_sum_and_each_hears_the_others(
    two_sites: tuple[Site, Site],
) -> None:
    webinar = make_webinar()
    one, two = two_sites
    with one.socket(make_person(webinar)) as a, two.socket(make_person(webinar)) as b:
        a.until("mine")
        b.until("mine")
        for line in (a, b, b):
            assert line.ask_for("react", kind="clap")["ok"] == {}
        if settings.REDIS_URL:  # without it nobody serves by two processes
            for line in (a, b):
                while sum(m["reactions"]["clap"] for m in line.heard if "reactions" in m) < 3:
                    line.until("reactions")
                assert sum(m["reactions"]["clap"] for m in line.heard if "reactions" in m) == 3
        one.terminate()
        two.terminate()
    assert ReactionSum.objects.filter(webinar=webinar).by_kind() == {"clap": 3}


def test_who_asks_to_speak_at_both_processes_stands_in_one_queue(two_sites: tuple[Site, Site]) -> None:
    webinar = make_webinar(queue_open=True)
    one, two = two_sites
    with one.socket(make_person(webinar)) as a, two.socket(make_person(webinar)) as b:
        a.until("mine")
        b.until("mine")
        first = a.ask_for("raise", client_id=str(uuid4()))["ok"]["hand"]
        second = b.ask_for("raise", client_id=str(uuid4()))["ok"]["hand"]
        for line in (a, b):
            orders = [m["queue"]["order"] for m in line.heard if "order" in m.get("queue", {})]
            while [first, second] not in orders:
                orders.append(line.until("queue")["queue"].get("order"))


def test_a_process_that_dies_leaves_the_other_complete(two_sites: tuple[Site, Site]) -> None:
    one, two = two_sites
    webinar = make_webinar(publishes_at_once="everybody")
    asker, reader = make_person(webinar), make_person(webinar)
    with two.socket(reader) as line, one.socket(asker) as phone:
        line.until("mine")
        for n in range(10):
            phone.ask_for("ask", client_id=str(uuid4()), text=f"Number {n}?", language="en")
        one.kill()
        here = reading.load(webinar.pk)
        assert here is not None
        whole = reduce({}, changes.Window("everyone").snapshot(here))
        state: dict[str, object] = {}
        while state.get("cursor") != whole["cursor"]:
            state = {}
            for message in line.heard:
                if "cursor" in message:
                    state = reduce(state, message)
            if state.get("cursor") != whole["cursor"]:
                line.hear()
        assert state == whole


@pytest.mark.skipif(not settings.REDIS_URL, reason="the in-memory layer has nothing to lose")
def test_r4_the_room_goes_on_while_redis_is_away(two_sites: tuple[Site, Site]) -> None:
    import redis

    one, two = two_sites
    webinar = make_webinar()
    question, voter, reader = make_question(webinar), make_person(webinar), make_person(webinar)
    with one.socket(voter) as phone, two.socket(reader) as line:
        phone.until("mine")
        line.until("mine")
        redis.from_url(settings.REDIS_URL).client_kill_filter(_type="pubsub")
        assert "ok" in phone.ask_for("vote", question=question.pk, on=True)
        assert line.until("votes")["votes"] == {str(question.pk): 1}


def test_where_there_is_redis_a_moderator_at_one_process_is_seen_at_the_other(
    two_sites: tuple[Site, Site],
) -> None:
    """Without it there is one process: a second one refuses to start on its own."""
    one, two = two_sites
    webinar = make_webinar()
    question = make_question(webinar, visibility="submitted").pk
    tamar, mari = make_person(webinar, "Tamar", "moderator"), make_person(webinar, "Mari", "moderator")
    with one.socket(tamar) as hers, two.socket(mari) as desk:
        assert hers.until("holds")["holds"] == desk.until("holds")["holds"] == []
        hers.ws.send(f"hold {question}")
        assert hers.until("holds")["holds"][0]["name"] == "Tamar"
        if settings.REDIS_URL:
            assert desk.until("holds")["holds"] == hers.heard[-1]["holds"]
            hers.ws.close()
            assert desk.until("holds")["holds"] == []
        else:
            assert not any(message.get("holds") for message in desk.quiet())

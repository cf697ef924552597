"""What must not happen on the wire: rights, malformed input, other people's rooms (S11–S14, S17, S18, S22–S24)."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import websockets.exceptions
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.demo_site import Visitor
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Line, Site, session_of
from webinars.actions import conduct, people
from webinars.actions.deed import deed
from webinars.models import Question, Vote, Webinar


def closed_with(line: Line) -> int:
    """The code the server closes with."""
    with pytest.raises(websockets.exceptions.ConnectionClosed) as closed:
        line.hear_all()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def refused_at_the_door(site: Site, webinar_id: int, session: str) -> int:
    import websockets.sync.client

    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        websockets.sync.client.connect(
            f"ws://localhost:{site.port}/ws/webinars/{webinar_id}/",
            origin=site.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        )
    return refused.value.response.status_code


def test_s13_a_room_one_may_not_enter_looks_like_one_that_is_not_there(live_site: Site) -> None:
    webinar, other = make_webinar(), make_webinar()
    stranger = session_of(make_person(other))
    assert refused_at_the_door(live_site, webinar.pk, stranger) == 403
    assert refused_at_the_door(live_site, 999_999, stranger) == 403
    assert refused_at_the_door(live_site, webinar.pk, "no-such-session-0123456789abcdef") == 403


def test_s12_an_unknown_socket_path_is_refused_without_a_traceback(live_site: Site) -> None:
    import websockets.sync.client

    with pytest.raises(websockets.exceptions.InvalidStatus):
        websockets.sync.client.connect(
            f"ws://localhost:{live_site.port}/ws/nothing/",
            origin=live_site.url,  # type: ignore[arg-type]
        )
    assert "Traceback" not in live_site.logged()


def test_s14_a_role_taken_away_ends_what_one_may_do_and_what_one_receives(live_site: Site) -> None:
    webinar = make_webinar()
    host, moderator = make_person(webinar, "Host", "host"), make_person(webinar, "Mod", "moderator")
    asker = make_person(webinar)
    waiting = make_question(webinar, "A pending secret?", visibility="submitted")
    with live_site.socket(moderator) as desk, live_site.socket(asker) as phone:
        assert desk.until("snapshot")["review"] == [waiting.pk]
        with deed(webinar.pk, by=host) as done:
            people.change_person(done, moderator.pk, roles=["attendee"])
        assert "review" not in desk.until(snapshot=True)
        assert desk.ask_for("publish", question=waiting.pk)["error"] == "forbidden"
        phone.ask_for("ask", client_id=str(uuid4()), text="Another secret?", language="en")
        assert not any("secret" in json.dumps(message) for message in desk.quiet(1))


def test_s14_a_removed_person_is_out_at_once_and_stays_out(live_site: Site) -> None:
    webinar = make_webinar()
    host, guest = make_person(webinar, "Host", "host"), make_person(webinar)
    session = session_of(guest)
    with live_site.socket(guest, session=session) as line:
        line.until("mine")
        with deed(webinar.pk, by=host) as done:
            conduct.remove(done, guest)
        assert closed_with(line) == 4403
    assert refused_at_the_door(live_site, webinar.pk, session) == 403


def test_s14_a_muted_person_reads_on_but_neither_asks_nor_votes(live_site: Site) -> None:
    webinar = make_webinar()
    host, guest, question = make_person(webinar, "Host", "host"), make_person(webinar), make_question(webinar)
    with live_site.socket(guest) as line:
        line.until("mine")
        with deed(webinar.pk, by=host) as done:
            conduct.mute(done, guest, on=True)
        assert line.ask_for("vote", question=question.pk, on=True)["error"] == "muted"
        asked = line.ask_for("ask", client_id=str(uuid4()), text="May I?", language="en")
        assert asked["error"] == "muted"
    assert not Vote.objects.exists()


def test_s15_a_session_that_is_gone_closes_its_sockets_and_nothing_more_is_done(live_site: Site) -> None:
    webinar = make_webinar()
    person, question = make_person(webinar), make_question(webinar)
    session = session_of(person)
    with live_site.socket(person, session=session) as line:
        line.until("mine")
        Session.objects.filter(session_key=session).delete()
        line.say("vote", question=question.pk, on=True)
        assert closed_with(line) == 4401
    assert not Vote.objects.exists()


def test_s15_a_deactivated_person_is_out_within_a_sweep(live_site: Site) -> None:
    webinar = make_webinar()
    user = make_user()
    person = make_person(webinar, user=user)
    with live_site.socket(person) as line:
        line.until("mine")
        user.is_active = False
        user.save()
        assert closed_with(line) == 4403


@pytest.mark.parametrize(
    "bad",
    ["{", "[]", "7", '"ask"', "null", "{}", '{"do": 3}', '{"do": "fly"}', '{"do": "vote"}',
     '{"do":"vote","question":"x","on":true}',
     '{"do":"vote","question":1,"on":"perhaps"}', '{"do":"ask","client_id":"no","text":"x","language":"en"}',
     "[" * 5000, '{"do":"ask","client_id":[],"text":{},"language":1}', '{"do":"vote","question":1e999,"on":true}',
     '{"do":"vote","question":true,"on":true}', '{"do":"vote","question":-1,"on":true}'],
)  # fmt: skip
def test_s18_a_malformed_message_is_answered_and_the_line_lives(live_site: Site, bad: str) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    with live_site.socket(make_person(webinar)) as line:
        line.until("mine")
        line.ws.send(bad)
        line.until(error="malformed")
        assert "ok" in line.ask_for("vote", question=question.pk, on=True)
    assert "Traceback" not in live_site.logged()


def test_s18_five_malformed_messages_end_the_line(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as line:
        for bad in ("{", b"\x00\x01", "[]", "{", "7"):
            line.ws.send(bad)
        assert closed_with(line) == 4400


def test_s17_a_frame_over_16_kb_ends_the_line_and_is_never_read(live_site: Site) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as line:
        line.until("mine")
        line.ws.send(
            json.dumps({"do": "ask", "client_id": str(uuid4()), "text": "x" * 20_000, "language": "en"})
        )
        with pytest.raises(websockets.exceptions.ConnectionClosed):
            line.hear_all()
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [("", "empty"), ("   \n\t ", "empty"), ("\u200b\u200d\u2060", "empty"), ("?!…", "empty"), ("х" * 501, "too_long"),
     ("e\u0301" * 501, "too_long")],
)  # fmt: skip
def test_words_that_are_no_question_are_refused_and_the_line_lives(
    live_site: Site, text: str, error: str
) -> None:
    webinar = make_webinar()
    with live_site.socket(make_person(webinar)) as line:
        reply = line.ask_for("ask", client_id=str(uuid4()), text=text, language="mn")
        assert reply["error"] == error
        assert "ok" in line.ask_for("ask", client_id=str(uuid4()), text="Тийм үү?", language="mn")
    assert Question.objects.count() == 1


def test_500_graphemes_of_many_code_points_are_not_too_long(live_site: Site) -> None:
    webinar = make_webinar()
    family = "👨‍👩‍👧‍👦"
    with live_site.socket(make_person(webinar)) as line:
        reply = line.ask_for("ask", client_id=str(uuid4()), text="a" + family * 400, language="en")
        assert "ok" in reply


def test_a_vote_through_another_room_changes_nothing(live_site: Site) -> None:
    """Venueless answers with an error and keeps the vote."""
    here, there = make_webinar(), make_webinar()
    foreign = make_question(there)
    with live_site.socket(make_person(here)) as line:
        assert line.ask_for("vote", question=foreign.pk, on=True)["error"] == "not_found"
        assert line.ask_for("withdraw", question=foreign.pk)["error"] == "not_found"
    with live_site.socket(make_person(here, "Host", "host")) as desk:
        for do in ("hide", "publish", "next", "floor"):
            assert desk.ask_for(do, question=foreign.pk)["error"] == "not_found"
    assert not Vote.objects.exists()
    assert Question.objects.get(pk=foreign.pk).visibility == "published"


@pytest.mark.parametrize("visibility", ["submitted", "returned", "declined", "hidden", "withdrawn", "merged"])
def test_what_is_not_published_takes_no_votes(live_site: Site, visibility: str) -> None:
    webinar = make_webinar()
    question = make_question(webinar, visibility=visibility)
    with live_site.socket(make_person(webinar)) as line:
        assert line.ask_for("vote", question=question.pk, on=True)["error"] == "not_found"
    assert not Vote.objects.exists()


def test_nobody_votes_for_their_own_question_or_after_voting_closed(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    with live_site.socket(question.participant) as line:
        assert line.ask_for("vote", question=question.pk, on=True)["error"] == "own_question"
    with live_site.socket(make_person(webinar)) as line:
        Webinar.objects.filter(pk=webinar.pk).update(voting_open=False)
        assert line.ask_for("vote", question=question.pk, on=True)["error"] == "voting_closed"


def test_s50_fields_a_command_does_not_have_are_never_obeyed(live_site: Site) -> None:
    """Venueless's update sets every key the client sends."""
    webinar = make_webinar()
    extra: dict[str, Any] = {
        "visibility": "published",
        "votes": 1000,
        "participant": 1,
        "floor": "done",
        "seq": 9,
    }
    with live_site.socket(make_person(webinar)) as line:
        line.ask_for("ask", client_id=str(uuid4()), text="Really?", language="en", **extra)
    asked = Question.objects.get()
    assert (asked.visibility, asked.votes, asked.floor) == ("submitted", 0, "waiting")


def test_s22_s23_a_pending_question_reaches_its_asker_and_staff_and_nobody_else(live_site: Site) -> None:
    webinar = make_webinar()
    asker, other = make_person(webinar), make_person(webinar)
    translator = make_person(webinar, "Desk", "language_desk")
    speaker = make_person(webinar, "Speaker", "speaker")
    with (
        live_site.socket(asker) as a,
        live_site.socket(other) as b,
        live_site.socket(translator) as c,
        live_site.socket(speaker) as d,
    ):
        for line in (a, b, c, d):
            line.until("mine")
        a.ask_for("ask", client_id=str(uuid4()), text="A pending secret?", language="en")
        c.until("review")
        a.until("mine")
        for line in (b, d):
            line.quiet()
            assert "secret" not in json.dumps(line.heard)
        assert "secret" in json.dumps(c.heard)
        assert "secret" in json.dumps(a.heard)


def test_a_hidden_name_reaches_only_those_it_is_shown_to(live_site: Site) -> None:
    webinar = make_webinar(publishes_at_once="everybody")
    asker = make_person(webinar, "Bat-Erdene", organisation="Some office")
    with (
        live_site.socket(asker) as a,
        live_site.socket(make_person(webinar)) as everyone,
        live_site.socket(make_person(webinar, "T", "language_desk")) as staff,
        live_site.socket(make_person(webinar, "M", "moderator")) as desk,
    ):
        lines = (everyone, staff, desk)
        for line in lines:
            line.until("mine")
        for shown, to in (("moderators", (False, False, True)), ("nobody", (False, False, False))):
            a.ask_for("ask", client_id=str(uuid4()), text=f"{shown}?", language="en", name_shown=shown)
            for line, sees in zip(lines, to):
                [row] = [r for r in line.until("questions")["questions"] if r["text"] == f"{shown}?"]
                assert (row["name"] == "Bat-Erdene") is sees
                assert (row["organisation"] != "") is sees


def test_s24_dropping_the_socket_does_not_give_a_second_vote(live_site: Site) -> None:
    webinar = make_webinar()
    question, person = make_question(webinar), make_person(webinar)
    session = session_of(person)
    for _ in range(3):
        with live_site.socket(person, session=session) as line:
            line.ask_for("vote", question=question.pk, on=True)
    assert Question.objects.get(pk=question.pk).votes == 1


def test_s24_a_tampered_session_opens_nothing(live_site: Site) -> None:
    webinar = make_webinar()
    session = session_of(make_person(webinar))
    tampered = session[:-1] + ("a" if session[-1] != "a" else "b")
    assert refused_at_the_door(live_site, webinar.pk, tampered) == 403


@pytest.mark.parametrize("state", ["live", "scheduled", "ended"])
def test_s24_a_seat_in_one_webinar_opens_no_other_by_any_way(live_site: Site, state: str) -> None:
    here, there = make_webinar(state=state), make_webinar(state=state)
    session = session_of(make_person(here, "Host", "host"))
    question = make_question(there)
    assert refused_at_the_door(live_site, there.pk, session) == 403
    with Visitor(live_site, "host of another", {settings.SESSION_COOKIE_NAME: session}) as browser:
        assert browser.get(f"/en/webinars/{here.pk}-x/console/").status == 200
        pages = ("console", "room", "room/text", "link")
        assert {browser.get(f"/en/webinars/{there.pk}-x/{page}/").status for page in pages} == {302}
        assert browser.get(f"/en/webinars/{there.pk}-x/changes/").status == 403
        hide = {"do": "hide", "question": str(question.pk), "reason": "other"}
        answer = browser.post(f"/en/webinars/{there.pk}-x/do/", hide, Accept="application/json")
        assert (answer.status, json.loads(answer.body)) == (403, {"error": "signed_out"})
    assert Question.objects.get(pk=question.pk).visibility == "published"


def test_s24_an_expired_session_is_nobodys(live_site: Site) -> None:
    webinar = make_webinar()
    session = session_of(make_person(webinar))
    Session.objects.filter(session_key=session).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert refused_at_the_door(live_site, webinar.pk, session) == 403
    with Visitor(live_site, "guest", {settings.SESSION_COOKIE_NAME: session}) as browser:
        assert browser.get(f"/en/webinars/{webinar.pk}-x/room/text/").status == 302
        assert browser.get(f"/en/webinars/{webinar.pk}-x/changes/").status == 403


def test_a_moderator_does_not_decide_on_their_own_question(live_site: Site) -> None:
    webinar = make_webinar()
    moderator = make_person(webinar, "M", "moderator")
    own = make_question(webinar, visibility="submitted", participant=moderator)
    with live_site.socket(moderator) as desk:
        assert desk.ask_for("publish", question=own.pk)["error"] == "own_question"

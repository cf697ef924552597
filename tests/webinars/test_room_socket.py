"""The room over real sockets to the real server: two people, one database."""

from uuid import uuid4

import pytest
import websockets.exceptions
import websockets.sync.client
from django.conf import settings

from tests.factories import make_person, make_question, make_webinar
from tests.site import Site, session_of
from webinars.models import Question, Vote


def test_a_question_travels_from_its_asker_over_the_desk_to_everybody(live_site: Site) -> None:
    webinar = make_webinar()
    asker, moderator = make_person(webinar, "Бат"), make_person(webinar, "Mari", "moderator")
    with live_site.socket(asker) as phone, live_site.socket(moderator) as desk:
        phone.until("snapshot")
        desk.until("snapshot")
        asked = phone.ask_for("ask", client_id=str(uuid4()), text="Хөдөөд яаж хүрсэн бэ?", language="mn")
        assert asked["ok"]["visibility"] == "submitted"
        pending = desk.until("review")
        assert pending["review"] == [asked["ok"]["question"]]
        # What became of one's own may come before the reply: one is from the hub, the other from the writer.
        while not any(message.get("mine", {}).get("questions") for message in phone.heard):
            phone.hear()
        assert not any(message.get("order") for message in phone.heard)
        published = desk.ask_for("publish", question=asked["ok"]["question"])
        assert published["ok"]["act"]
        seen = phone.until("questions")
        assert [row["text"] for row in seen["questions"]] == ["Хөдөөд яаж хүрсэн бэ?"]
        assert seen["order"] == [asked["ok"]["question"]]


def test_a_vote_is_counted_once_and_told_to_everybody(live_site: Site) -> None:
    webinar = make_webinar()
    question = make_question(webinar)
    voter, other = make_person(webinar), make_person(webinar)
    with live_site.socket(voter) as one, live_site.socket(other) as two:
        two.until("snapshot")
        assert "ok" in one.ask_for("vote", question=question.pk, on=True)
        assert "ok" in one.ask_for("vote", question=question.pk, on=True)
        assert two.until("votes")["votes"] == {str(question.pk): 1}
    assert Vote.objects.filter(question=question, is_on=True).count() == 1
    assert Question.objects.get(pk=question.pk).votes == 1


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://evil.example", "http://localhost.evil.example", "http://evil.example/localhost",
     "file://", "http://localhost@evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["", "projector/"])
def test_s11_a_missing_or_foreign_origin_is_refused_before_the_socket_opens(
    live_site: Site, origin: str | None, path: str
) -> None:
    person = make_person(make_webinar())
    with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
        websockets.sync.client.connect(
            f"ws://localhost:{live_site.port}/ws/webinars/{person.webinar_id}/{path}",
            origin=origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(person)}"},
        )
    assert refused.value.response.status_code == 403


def test_s11_the_sites_own_origin_is_let_in(live_site: Site) -> None:
    with live_site.socket(make_person(make_webinar())) as line:
        assert line.until("hello")

"""The room as a page: what it costs, whom it lets in, and what it may load."""

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.live.protocol import REFUSALS
from webinars.models import Participant, Question, Reason, State, Webinar
from webinars.views.room_page import FATES, fate
from webinars.views.words import refusal

pytestmark = pytest.mark.django_db


def client_of(person: Participant | None) -> Client:
    client = Client()
    if person:
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    return client


def address(webinar: Webinar, page: str = "room", language: str = "en") -> str:
    return f"/{language}/webinars/{webinar.pk}-x/{page}/"


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("page", ["room", "room/text", "console"])
def test_a_page_costs_as_many_queries_with_three_questions_as_with_one(page: str) -> None:
    webinar = make_webinar()
    client = client_of(make_person(webinar, "Mari", "moderator"))
    counts = []
    for _ in range(2):
        cache.clear()  # what was drawn for the last minute
        make_question(webinar)
        make_question(webinar, visibility="submitted")
        make_question(webinar, visibility="returned")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client.get(address(webinar, page)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["room", "room/text", "missed", "console"])
def test_a_stranger_is_sent_to_the_join_page(page: str) -> None:
    webinar = make_webinar()
    other = make_person(make_webinar())
    for client in (client_of(None), client_of(other)):
        response = client.get(address(webinar, page))
        assert (response.status_code, response["Location"]) == (302, address(webinar, "join"))


def test_the_console_is_for_moderators_and_hosts() -> None:
    webinar = make_webinar()
    make_question(webinar, "A secret thought?", visibility="submitted")
    roles = ["attendee", "speaker", "language_desk", "captioner", "moderator", "host"]
    seen = [
        client_of(make_person(webinar, "", role)).get(address(webinar, "console")).status_code
        for role in roles
    ]
    assert seen == [403, 403, 403, 403, 200, 200]


def test_what_waits_for_review_is_not_in_the_page_of_a_participant() -> None:
    webinar = make_webinar()
    make_question(webinar, "A secret thought?", visibility="submitted")
    for page in ("room", "room/text"):
        assert "A secret thought?" not in text_of(client_of(make_person(webinar)).get(address(webinar, page)))


def test_a_hidden_name_is_on_nobodys_room_page_and_only_on_the_desk_where_allowed() -> None:
    webinar = make_webinar()
    for name_shown, name in (("moderators", "Olena Moroz"), ("nobody", "Bayar Dorj")):
        asker = make_person(webinar, name, place="Tax office, Narva")
        make_question(webinar, participant=asker, name_shown=name_shown)
    desk = make_person(webinar, "Mari", "moderator")
    room, console = (text_of(client_of(desk).get(address(webinar, page))) for page in ("room", "console"))
    card = room.split('<script type="application/json"')[0]
    assert "Olena Moroz" not in card
    assert "Narva" not in card  # a town is as good as a name, and others look at this screen
    assert "Olena Moroz" in console
    assert "Bayar Dorj" not in room + console


def test_s40_words_of_people_stay_words_in_the_page_and_in_its_data() -> None:
    webinar = make_webinar()
    make_question(webinar, "</script><script>alert(1)</script>")
    page = text_of(client_of(make_person(webinar)).get(address(webinar)))
    assert "<script>alert" not in page
    assert "\\u003C/script\\u003E" in page


@pytest.mark.parametrize(
    ("provider", "origin"),
    [("youtube", "https://www.youtube-nocookie.com"), ("jitsi", "https://meet.jit.si")],
)
def test_only_the_pictures_own_provider_may_be_framed_and_only_here(provider: str, origin: str) -> None:
    webinar = make_webinar(picture_provider=provider, picture_id='a"b')
    client = client_of(make_person(webinar))
    response = client.get(address(webinar))
    assert f"frame-src {origin}" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "a%22b" in text_of(response)
    plain = client.get(address(webinar, "room/text"))
    assert "frame-src" not in plain["Content-Security-Policy"]
    assert plain["Referrer-Policy"] == "same-origin"


def test_an_unknown_provider_shows_no_picture() -> None:
    webinar = make_webinar(picture_provider="evil", picture_id="//evil.example/x")
    assert "evil" not in text_of(client_of(make_person(webinar)).get(address(webinar))).split("room-data")[0]


def test_choosing_text_leads_to_the_room_in_words_and_is_remembered() -> None:
    webinar = make_webinar()
    person = make_person(webinar)
    response = client_of(person).post(address(webinar), {"way": "text"})
    assert response["Location"] == address(webinar, "room/text")
    person.refresh_from_db()
    assert person.way == "text"


def test_further_pages_hold_every_question_once_in_the_lists_order() -> None:
    webinar = make_webinar()
    for n in range(120):
        make_question(webinar, f"Question {n}?", votes=n % 7)
    client = client_of(make_person(webinar))
    expected = list(Question.objects.filter(webinar=webinar).listed().values_list("pk", flat=True))
    found = [card.row["id"] for card in client.get(address(webinar)).context["cards"]]
    after = found[-1]
    while after:
        response = client.get(address(webinar, "questions"), {"after": after})
        found += [one.card.row["id"] for one in response.context["shown"]]
        after = response.context["next"].removeprefix("?after=")
    assert found == expected


@pytest.mark.parametrize("state", State.values)
def test_every_state_of_a_webinar_has_its_answer(state: str) -> None:
    webinar = make_webinar(state=state)
    response = client_of(make_person(webinar)).get(address(webinar))
    assert response.status_code == (404 if state == "draft" else 200 if webinar.has_room else 302)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_has_a_sentence_of_its_own(code: str) -> None:
    said = refusal(code, {"retry_after": 3, "limit": 500, "length": 512})
    assert said not in ("", refusal("", {}))


def test_every_reason_fate_and_state_has_words_for_the_script() -> None:
    webinar = make_webinar()
    page = text_of(client_of(make_person(webinar)).get(address(webinar)))
    names = [f"fate_{code}" for code in FATES] + [f"reason_{code}" for code in Reason.values]
    for name in [*names, *(f"state_{code}" for code in State.values)]:
        words = page.split(f'data-word="{name}">')[1].split("<")[0]
        assert words.strip(), name


def test_a_question_of_ones_own_always_has_a_fate_the_page_knows() -> None:
    for visibility in ("submitted", "published", "returned", "declined", "merged", "hidden", "withdrawn"):
        for floor in ("waiting", "next", "in_turn", "done"):
            assert fate({"visibility": visibility, "floor": floor}) in FATES


def test_refused_words_come_back_into_the_box_without_a_script() -> None:
    webinar = make_webinar(questions_open=False)
    client = client_of(make_person(webinar))
    client.post(
        address(webinar, "do"),
        {
            "do": "ask",
            "client_id": "8c1c1a0e-9a0e-4b53-8f5e-5f2a5d8a1b11",
            "text": "Хэзээ?",
            "language": "mn",
        },
    )
    webinar.questions_open = True
    webinar.save()
    assert ">Хэзээ?</textarea>" in text_of(client.get(address(webinar)))
    assert ">Хэзээ?</textarea>" not in text_of(client.get(address(webinar)))


def test_the_text_only_room_is_light() -> None:
    webinar = make_webinar()
    for n in range(50):
        make_question(webinar, f"Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ {n}?", language="mn")
    client = client_of(make_person(webinar))
    response = client.get(address(webinar, "room/text", "mn"), headers={"accept-encoding": "gzip"})
    static = settings.STATICFILES_DIRS[0]
    scripts = sum(
        path.stat().st_size for path in (static / "js" / "live").glob("*.js") if path.stem in TEXT_ROOM
    )
    weight = len(response.content) + (static / "css" / "text-room.css").stat().st_size + scripts // 3
    assert weight < 50_000, weight


# What text-room.js imports; compressed to a third on the way (measured: 31 %).
TEXT_ROOM = {
    "text-room",
    "card",
    "kept",
    "line",
    "mine",
    "missed",
    "order",
    "outbox",
    "pill",
    "socket",
    "state",
    "texts",
    "words",
}

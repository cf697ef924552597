"""S50, R13: no list is sent whole, whatever is asked for, and nobody assigns what is not theirs to assign."""

import json
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import make_person, make_question, make_user, make_webinar
from tests.site import Site, session_of
from webinars.addresses import address
from webinars.live.changes import WINDOW
from webinars.models import Participant, Question, Role, State, Visibility, Webinar

pytestmark = pytest.mark.django_db
MANY = [
    "?page_size=100000&limit=100000&per_page=100000",
    "?page=1&size=100000",
    "?page=99999999999999999999",
    "?page=-1",
]


def many_questions(webinar: Webinar, count: int) -> None:
    asker = make_person(webinar)
    now = timezone.now()
    Question.objects.bulk_create(
        (
            Question(
                webinar=webinar, participant=asker, client_id=uuid4(), text=f"Question number {n}?", language="en",
                visibility=Visibility.PUBLISHED, published_at=now, first_public_seq=1, seq=1, votes=n % 97,
            )
            for n in range(count)
        ),
        batch_size=1000,
    )  # fmt: skip
    Webinar.objects.filter(pk=webinar.pk).update(seq=2)


@pytest.mark.parametrize("query", MANY)
def test_s50_no_page_grows_with_what_is_asked_for(query: str) -> None:
    for n in range(130):
        make_webinar(f"Number {n}", state=State.ENDED)
    webinar = make_webinar(state=State.LIVE)
    many_questions(webinar, 260)
    host = make_user("Host")
    make_person(webinar, "Host", Role.HOST, user=host)
    Participant.objects.bulk_create(Participant(webinar=webinar, name=f"Guest {n}") for n in range(130))
    browser = Client()
    browser.force_login(host)
    marks = {
        "/en/webinars/": b'class="webinar-row',
        address(webinar, "people"): b'id="person-',
        address(webinar, "room"): b'id="q-',
        address(webinar, "questions") + f"?after={Question.objects.listed()[0].pk}": b'id="q-',
    }
    for path, mark in marks.items():
        page = browser.get(path + (query if "?" not in path else query.replace("?", "&")))
        assert page.status_code in (200, 404), path
        assert page.content.count(mark) <= 200, path  # the desk's window; others get 50


def test_s50_the_twin_of_the_socket_assigns_nothing_that_is_decided_elsewhere() -> None:
    webinar = make_webinar()
    person, other = make_person(webinar), make_person(webinar, "Other")
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(person)
    browser.post(
        address(webinar, "do"),
        {
            "do": "ask", "client_id": str(uuid4()), "text": "Mine?", "language": "en", "visibility": "published",
            "participant": other.pk, "participant_id": other.pk, "by": other.pk, "author": other.pk, "votes": 900,
            "floor": "in_turn", "status": "published", "roles": "host", "role": "host", "id": 4711, "seq": 99,
            "is_staff": "on", "published_at": "2020-01-01",
        },
    )  # fmt: skip
    question = Question.objects.get()
    assert (question.participant, question.visibility, question.votes, question.floor) == (
        person, Visibility.SUBMITTED, 0, "waiting",
    )  # fmt: skip
    assert question.pk != 4711
    assert question.published_at is None
    person.refresh_from_db()
    assert person.roles == ["attendee"]


def test_s50_coming_in_assigns_no_part() -> None:
    webinar = make_webinar()
    form = {
        "name": "Guest", "way": "text", "reads": ["en"], "consent": "on", "roles": ["host", "moderator"],
        "role": "host", "invited_at": "2020-01-01", "registered_at": "2020-01-01", "user": "1", "user_id": "1",
    }  # fmt: skip
    assert Client().post(address(webinar, "join"), form).status_code == 302
    person = Participant.objects.get()
    assert (person.roles, person.invited_at, person.registered_at, person.user) == (
        ["attendee"],
        None,
        None,
        None,
    )


def test_r13_ten_thousand_questions_cost_a_page_what_a_hundred_do() -> None:
    seen: list[tuple[int, int, int]] = []
    for count in (WINDOW * 2, 10_000):
        webinar = make_webinar()
        many_questions(webinar, count)
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(make_person(webinar))
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(address(webinar, "room"))
        assert page.status_code == 200
        assert page.content.count(b"Question number") <= 4 * WINDOW  # in words, and as the script's data
        seen.append((len(queries), page.content.count(b'id="q-'), len(page.content)))
    few, many = seen
    assert many[:2] == few[:2]
    assert many[1] == WINDOW
    assert many[2] < few[2] * 1.2


@pytest.mark.django_db(transaction=True)
def test_r13_a_socket_in_a_room_of_ten_thousand_gets_a_window(live_site: Site) -> None:
    webinar = make_webinar()
    many_questions(webinar, 10_000)
    top = Question.objects.listed()[0]
    voter = make_person(webinar)
    with live_site.socket(voter) as line:
        snapshot = line.until("snapshot")
        assert len(snapshot["order"]) == WINDOW
        assert len(json.dumps(snapshot)) < 200_000
        assert "ok" in line.ask_for("vote", question=top.pk, on=True)


def test_r13_behind_the_window_every_question_is_reached_once() -> None:
    webinar = make_webinar()
    many_questions(webinar, WINDOW * 3 + 7)
    make_question(webinar, "The newest?")
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(make_person(webinar))
    found = list(Question.objects.listed().values_list("pk", flat=True))
    reached, after = found[:WINDOW], found[WINDOW - 1]
    while True:
        page = browser.get(address(webinar, "questions"), {"after": after})
        cards = [int(part.split('"')[0]) for part in page.content.decode().split('id="q-')[1:]]
        reached += cards
        if len(cards) < WINDOW:
            break
        after = cards[-1]
    assert reached == found

"""What one asked, over all webinars: where it stands, its answer, the promise, the lesson; and nobody else's."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.names import Names
from tests.factories import make_person, make_question, make_user, make_webinar
from tests.knowledge.writers import publish
from tests.webinars.test_seats import browser_of
from webinars.addresses import link_of
from webinars.models import Citation, Commitment, State

pytestmark = pytest.mark.django_db
HERE = "/en/webinars/mine/questions/"


def read(browser: Client, query: str = "") -> str:
    answer = browser.get(f"{HERE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_signed_in_person_sees_all_they_asked_and_nothing_of_others(client: Client) -> None:
    user = make_user()
    for title, text, facts in (
        ("First webinar", "What did it cost?", {}),
        ("Second webinar", "Who paid?", {"visibility": "returned", "reason": "unclear", "reason_note": "Which year?"}),
    ):  # fmt: skip
        webinar = make_webinar(title)
        make_question(webinar, text, participant=make_person(webinar, user=user), **facts)
        make_question(webinar, f"Somebody else's {title}")
    mine = make_webinar("Third webinar")
    person = make_person(mine, user=user)
    make_question(mine, "Taken back", participant=person, visibility="withdrawn")
    make_question(mine, "On the phone", participant=person, came_by="phone", on_behalf_of="A citizen")
    client.force_login(user)
    page = read(client)
    assert page.index("Second webinar") < page.index("First webinar")
    for words in (
        "What did it cost?",
        "Published: everybody can see it",
        "Who paid?",
        "It came back",
        "Which year?",
    ):
        assert words in page
    for words in ("Somebody else", "Taken back", "On the phone", "Third webinar"):
        assert words not in page


def test_answers_promises_and_lessons_stand_under_their_question(client: Client) -> None:
    user, webinar = make_user(), make_webinar(state=State.ENDED)
    person = make_person(webinar, user=user)
    answered = make_question(webinar, "What did it cost?", participant=person, floor="done")
    answered.answers.create(gist="Less than we feared.", language="en")
    owed = make_question(webinar, "And since?", participant=person)
    late = timezone.localdate() - timedelta(days=1)
    owed.answers.create(kind="promised", owner="The ministry", due=late)
    webinar.state = State.PUBLISHED
    webinar.save()
    Commitment.objects.create(
        webinar=webinar,
        question=owed,
        text=Names.of("en", "All by June"),
        owner="Ministry",
        due=date(2027, 6, 1),
    )
    guide = publish("Ask the libraries").edition.guide
    Citation.objects.create(guide=guide, webinar=webinar, question=answered, quote="Q", language="en")
    client.force_login(user)
    page = read(client)
    for words in (
        "Less than we feared.", "An answer is promised", "Promised by The ministry", "overdue", "All by June",
        "Ask the libraries",
    ):  # fmt: skip
        assert words in page, words


def test_a_guest_sees_those_of_the_webinar_their_link_is_for(client: Client) -> None:
    webinar, other = make_webinar("Theirs", state=State.PUBLISHED), make_webinar("Not theirs")
    guest = make_person(webinar)
    make_question(webinar, "What did it cost?", participant=guest)
    make_question(other, "In another room?")
    came = client.get(link_of(guest).split("localhost:8000")[-1])
    assert came["Location"] == f"{HERE}?webinar={webinar.pk}"
    page = client.get(came["Location"]).content.decode()
    assert "What did it cost?" in page
    assert "In another room?" not in page
    assert "In another room?" not in read(client, f"?webinar={other.pk}")


def test_who_was_removed_sees_nothing_more(client: Client) -> None:
    webinar = make_webinar()
    guest = make_person(webinar)
    make_question(webinar, "What did it cost?", participant=guest)
    browser = browser_of(guest)
    assert "What did it cost?" in read(browser)
    guest.removed_at = timezone.now()
    guest.save()
    assert "What did it cost?" not in read(browser)


def test_who_has_asked_nothing_is_told_how_one_gets_here(client: Client) -> None:
    assert "Sign in, or open the personal link" in read(client)
    assert "You have not asked anything yet" in read(browser_of(make_person(make_webinar())))
    client.force_login(make_user())
    assert "To the programme" in read(client)
    assert "You have not asked anything yet" in read(client, "?webinar=x&page=99")


def test_many_questions_take_as_many_queries_as_one_and_come_page_by_page(client: Client) -> None:
    user, webinar = make_user(), make_webinar()
    person = make_person(webinar, user=user)
    guide = publish().edition.guide

    def ask(number: int) -> None:
        for n in range(number):
            question = make_question(webinar, f"Question {n}?", participant=person)
            Citation.objects.create(guide=guide, webinar=webinar, question=question, quote="Q", language="en")
            question.answers.create(gist="Yes", language="en")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(client)
        return len(captured)

    ask(1)
    client.force_login(user)
    read(client)
    few = queries()
    ask(60)
    assert queries() == few
    assert read(client).count('class="q"') == 50
    assert read(client, "?page=2").count('class="q"') == 11

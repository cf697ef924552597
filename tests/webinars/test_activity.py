"""Activity minute by minute, drawn on the server: what is counted, who sees it, what it costs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.models import Attendance, Question, Vote, Webinar
from webinars.models.activity import POINTS, activity_of
from webinars.views.activity import picture_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 0, 20, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.fixture
def webinar() -> Webinar:
    webinar = make_webinar(started_at=NOON)
    people = [make_person(webinar, f"Person {n}") for n in range(4)]
    question = make_question(webinar, participant=people[0], asked_at=at(1))
    make_question(webinar, participant=people[0], asked_at=at(1.2))
    make_question(webinar, participant=people[0], asked_at=at(2), visibility="withdrawn")
    make_question(webinar, participant=people[0], asked_at=at(-5))
    for n, person in enumerate(people[1:]):
        Vote.objects.create(question=question, participant=person, at=at(2), is_on=n > 0)
    for person, came, left in zip(people, (-10, 0, 1, 3), (4, 1.5, 4, 4)):
        Attendance.objects.create(participant=person, arrived_at=at(came), left_at=at(left))
    return webinar


def test_each_minute_has_its_questions_votes_and_people(webinar: Webinar) -> None:
    found = activity_of(webinar, at(4))
    assert found is not None
    assert found.minutes == 1
    assert found.questions == [0, 2, 0, 0, 0]  # not before the start, not what was taken back
    assert found.votes == [0, 0, 2, 0, 0]  # not those that are off
    assert found.people == [
        2,
        3,
        2,
        3,
        3,
    ]  # whoever came early is here; whoever leaves is here in that minute


def test_it_is_one_query_however_long_it_lasts(webinar: Webinar, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = activity_of(webinar, at(200))
    assert found is not None
    assert len(found) <= POINTS
    assert found.minutes == 3
    assert (sum(found.questions), sum(found.votes), max(found.people)) == (2, 2, 3)


def test_it_ends_with_the_webinar_and_is_none_before_it_begins(webinar: Webinar) -> None:
    webinar.ended_at = at(2)
    ended = activity_of(webinar, at(600))
    assert ended is not None
    assert len(ended) == 3
    assert activity_of(make_webinar(state="scheduled"), at(1)) is None
    assert activity_of(webinar, at(-1)) is None


def test_of_what_went_on_for_days_the_last_hours_are_shown(webinar: Webinar) -> None:
    found = activity_of(webinar, at(60 * 24 * 3))
    assert found is not None
    assert len(found) <= POINTS
    assert sum(found.questions) == 0


def test_for_a_minute_all_look_at_the_same_picture(webinar: Webinar, django_assert_num_queries: Any) -> None:
    first = picture_of(webinar)
    assert first is not None
    make_question(webinar)
    with django_assert_num_queries(0):
        assert picture_of(webinar) == first


def test_the_picture_says_in_words_and_figures_what_it_draws() -> None:
    webinar = make_webinar()
    asker = make_person(webinar)
    question = make_question(webinar, participant=asker)
    Vote.objects.create(question=question, participant=make_person(webinar), at=timezone.now())
    now = timezone.now()
    Attendance.objects.create(participant=asker, arrived_at=now - timedelta(minutes=8), left_at=now)
    browser = Client()
    browser.cookies["sessionid"] = session_of(make_person(webinar, "Mari", "moderator"))
    there = f"/en/webinars/{webinar.pk}-x"
    for page in ("console/", "console/activity/"):
        said = browser.get(f"{there}/{page}").content.decode()
        begins = said.index("<title>Activity in")
        title = said[begins : said.index("</svg>", begins)]
        assert "people here at once: 1 at most, now 1;" in title
        assert "votes: 1, 1 at most at a time;" in title
        assert "questions: 1, 1 at most at a time." in title
        assert title.count("<polyline") == 3
        assert "style=" not in title
    assert '<td class="num">1</td>' in said  # the page of its own has the table, too
    assert Question.objects.count() == 1


def test_it_is_for_the_desk_and_the_page_of_people_alone(webinar: Webinar) -> None:
    there = f"/en/webinars/{webinar.pk}-x/console/activity/"
    for role in ("attendee", "speaker", "language_desk"):
        browser = Client()
        browser.cookies["sessionid"] = session_of(make_person(webinar, "X", role))
        assert browser.get(there).status_code == 403
    assert Client().get(there).status_code == 302


def test_before_the_start_the_page_says_so() -> None:
    webinar = make_webinar(state="scheduled")
    browser = Client()
    browser.cookies["sessionid"] = session_of(make_person(webinar, "Mari", "moderator"))
    assert "has not begun" in browser.get(f"/en/webinars/{webinar.pk}-x/console/activity/").content.decode()
    assert (
        '<svg class="activity"' not in browser.get(f"/en/webinars/{webinar.pk}-x/console/").content.decode()
    )

"""How a webinar is moderated, in numbers that everybody who reads its questions may read."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import make_person, make_question, make_webinar
from tests.site import session_of
from webinars.actions import alike, appeals, merging, questions, splitting
from webinars.actions.deed import deed
from webinars.actions.undo import undo_act
from webinars.ledger import KINDS, ledger_of
from webinars.models import Participant, Question, Webinar

pytestmark = pytest.mark.django_db


def page(webinar: Webinar, person: Participant | None = None) -> str:
    browser = Client()
    if person is not None:
        browser.cookies["sessionid"] = session_of(person)
    answer = browser.get(f"/en/webinars/{webinar.pk}-x/ledger/", follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def waiting(webinar: Webinar, language: str = "en", minutes: int = 0) -> Question:
    asked_at = timezone.now() - timedelta(minutes=minutes)
    return make_question(
        webinar, "A secret text?", visibility="submitted", language=language, asked_at=asked_at
    )


def test_it_counts_each_decision_once_by_reason_and_language() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "Secretname", "moderator")
    make_question(webinar, "At once?")
    one, two, three, four, five = (waiting(webinar, code) for code in ("en", "mn", "mn", "uk", "en"))
    with deed(webinar.pk, by=desk) as done:
        act = questions.decline_question(done, done.question(four.pk), reason="tone")
    assert act is not None
    with deed(webinar.pk, by=desk) as done:
        undo_act(done, act.pk)
    with deed(webinar.pk, by=desk) as done:
        merging.merge_questions(done, into=one.pk, questions=[two.pk])
        alike.decline_as_asked(done, into=one.pk, questions=[three.pk])
        questions.return_question(done, done.question(four.pk), reason="unclear")
        splitting.split_question(done, done.question(five.pk), text="First?", second="Second?")
    ledger = ledger_of(webinar)
    assert (ledger.asked, ledger.at_once, ledger.waiting) == (6, 1, 1)
    assert dict(ledger.decisions) == {"published": 1, "merged": 1, "declined": 1, "returned": 1, "split": 1}
    by_reason = {row.key: dict(zip(KINDS, row.counts)) for row in ledger.reasons}
    assert (by_reason["asked"]["declined"], by_reason["unclear"]["returned"]) == (1, 1)
    assert set(by_reason) == {"asked", "unclear"}
    by_language = {row.key: (row.total, dict(zip(KINDS, row.counts))) for row in ledger.languages}
    assert by_language["mn"][0] == 2
    assert (by_language["mn"][1]["merged"], by_language["mn"][1]["declined"]) == (1, 1)
    said = page(webinar)
    assert "secret" not in said.lower()
    assert "Secretname" not in said


def test_half_of_them_were_decided_on_within_the_median() -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    for minutes in (1, 2, 30):
        asked = waiting(webinar, minutes=minutes)
        with deed(webinar.pk, by=desk) as done:
            questions.publish_question(done, done.question(asked.pk))
        with deed(webinar.pk, by=desk) as done:  # what comes later is not the first decision
            questions.hide_question(done, done.question(asked.pk), reason="tone")
    found = ledger_of(webinar).median
    assert found is not None
    assert 120_000 <= found < 180_000


def test_appeals_are_counted_by_what_became_of_them() -> None:
    webinar = make_webinar()
    first, second = (make_person(webinar, name, "moderator") for name in "MN")
    for decided in (True, False):
        asked = waiting(webinar)
        with deed(webinar.pk, by=first) as done:
            questions.decline_question(done, done.question(asked.pk), reason="tone")
        with deed(webinar.pk, by=asked.participant) as done:
            appeals.appeal_question(done, done.question(asked.pk), plea="A secret plea.")
        if decided:
            with deed(webinar.pk, by=second) as done:
                questions.publish_question(done, done.question(asked.pk))
    assert dict(ledger_of(webinar).appeals) == {"waiting": 1, "granted": 1}
    assert "secret plea" not in page(webinar)


def test_it_is_open_exactly_where_the_questions_are() -> None:
    webinar = make_webinar(entry="invited")
    make_question(webinar)
    seat = make_person(webinar)
    assert "For those who take part" in page(webinar)
    assert "published at once" not in page(webinar)
    assert "published at once" in page(webinar, seat)
    Webinar.objects.filter(pk=webinar.pk).update(state="published")
    assert "published at once" in page(webinar)
    draft = make_webinar(state="draft")
    assert Client().get(f"/en/webinars/{draft.pk}-x/ledger/").status_code == 404


def test_before_anything_was_asked_or_decided_it_says_so() -> None:
    webinar = make_webinar()
    assert "Nothing has been asked yet" in page(webinar)
    waiting(webinar)
    assert "Nothing has been decided yet" in page(webinar)
    assert "Nobody has appealed" in page(webinar)


def test_it_costs_as_many_queries_for_thirty_questions_as_for_one(django_assert_num_queries: Any) -> None:
    webinar = make_webinar()
    desk = make_person(webinar, "M", "moderator")
    for number in (1, 30):
        for _ in range(number):
            asked = waiting(webinar)
            with deed(webinar.pk, by=desk) as done:
                questions.publish_question(done, done.question(asked.pk))
        with django_assert_num_queries(3):
            ledger_of(webinar)

"""The fair order: votes count, but a delegation less each time, and who was not heard comes first."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_person, make_question, make_webinar
from webinars.fair import Standing, fair_in, fair_order
from webinars.models import Floor

NOON = datetime(2026, 12, 10, 12, tzinfo=UTC)


def at(pk: int, country: str, votes: int, *, heard: bool = False, minute: int | None = None) -> Standing:
    return Standing(pk, votes, NOON + timedelta(minutes=pk if minute is None else minute), country, heard)


def test_one_question_of_every_delegation_comes_before_any_second_one() -> None:
    many = [at(1, "MN", 90), at(2, "MN", 80), at(3, "MN", 70), at(4, "EE", 3), at(5, "UA", 5)]
    assert fair_order(many)[:3] == [1, 5, 4]


def test_a_second_question_counts_half_and_a_third_a_third() -> None:
    # The firsts: 1, 4, 6. Then 2 has (39 + 1) / 2 = 20, 5 has (20 + 1) / 2 = 10.5, 3 has (32 + 1) / 3 = 11.
    found = fair_order(
        [at(1, "MN", 50), at(2, "MN", 39), at(3, "MN", 32), at(4, "EE", 30), at(5, "EE", 20), at(6, "UA", 1)]
    )
    assert found == [1, 4, 6, 2, 3, 5]


def test_a_delegation_that_was_answered_waits_behind_one_that_was_not() -> None:
    assert fair_order([at(1, "MN", 10, heard=True), at(2, "MN", 90), at(3, "EE", 0)]) == [3, 2, 1]


def test_answers_a_delegation_had_make_its_questions_count_less() -> None:
    heard_twice = [at(n, "MN", 1, heard=True) for n in (1, 2)]
    heard_once = [at(3, "EE", 1, heard=True)]
    assert fair_order([*heard_twice, *heard_once, at(4, "MN", 10), at(5, "EE", 8)])[:2] == [5, 4]


def test_answered_questions_close_the_list_most_wanted_first() -> None:
    assert fair_order([at(1, "MN", 1, heard=True), at(2, "MN", 9, heard=True), at(3, "EE", 0)]) == [3, 2, 1]


def test_ties_go_to_the_older_and_then_to_the_lower_id() -> None:
    same = [at(3, "MN", 4, minute=0), at(2, "EE", 4, minute=0), at(1, "UA", 4, minute=1)]
    assert fair_order(same) == [2, 3, 1]


@pytest.mark.parametrize("seed", range(60))
def test_no_question_is_lost_or_doubled_whatever_comes_in_and_in_whatever_order(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        at(
            pk,
            chance.choice("ABCDE"),
            chance.randrange(6),
            heard=chance.random() < 0.2,
            minute=chance.randrange(5),
        )
        for pk in range(chance.randrange(40))
    ]
    found = fair_order(rows)
    assert sorted(found) == [row.id for row in rows]
    shuffled = chance.sample(rows, len(rows))
    assert fair_order(shuffled) == found
    heard = {row.delegation for row in rows if row.is_heard}
    waiting = {row.delegation for row in rows if not row.is_heard}
    firsts = [next(row for row in rows if row.id == pk) for pk in found[: len(waiting - heard)]]
    assert {row.delegation for row in firsts} == waiting - heard


@pytest.mark.parametrize("seed", range(40))
def test_one_vote_more_never_puts_a_question_further_down(seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        at(pk, chance.choice("ABC"), chance.randrange(5), heard=chance.random() < 0.1) for pk in range(1, 20)
    ]
    wanted = chance.choice([row for row in rows if not row.is_heard])
    more = [row._replace(votes=row.votes + 1) if row is wanted else row for row in rows]
    assert fair_order(more).index(wanted.id) <= fair_order(rows).index(wanted.id)


@pytest.mark.parametrize("seed", range(20))
def test_within_a_delegation_the_more_wanted_stands_first(seed: int) -> None:
    chance = random.Random(seed)
    rows = [at(pk, chance.choice("AB"), chance.randrange(9)) for pk in range(1, 25)]
    place = {pk: n for n, pk in enumerate(fair_order(rows))}
    for one in rows:
        for other in rows:
            if one.delegation == other.delegation and one.votes > other.votes:
                assert place[one.id] < place[other.id]


@pytest.mark.django_db
def test_a_delegation_is_a_country_and_an_organisation_where_there_is_one_country() -> None:
    webinar = make_webinar()
    office = [make_person(webinar, country="MN", organisation="Office") for _ in range(2)]
    school = make_person(webinar, country="MN", organisation="School")
    first = make_question(webinar, participant=office[0], votes=9)
    second = make_question(webinar, participant=office[1], votes=8)
    third = make_question(webinar, participant=school, votes=1)
    assert fair_in(webinar) == ([first.pk, third.pk, second.pk], "organisation")
    fourth = make_question(webinar, participant=make_person(webinar, country="EE"), votes=2)
    assert fair_in(webinar) == ([first.pk, fourth.pk, second.pk, third.pk], "country")


@pytest.mark.django_db
def test_a_place_in_the_list_does_not_tell_of_which_organisation_a_hidden_name_is() -> None:
    webinar = make_webinar()
    shown = make_person(webinar, country="MN", organisation="Office")
    orders = []
    for organisation in ("Office", "School"):
        webinar.questions.all().delete()
        hidden = make_person(webinar, country="MN", organisation=organisation)
        answered = make_question(webinar, "Heard?", participant=shown, floor=Floor.DONE)
        secret = make_question(webinar, "Secret?", participant=hidden, name_shown="nobody", votes=3)
        open_one = make_question(
            webinar, "Open?", participant=make_person(webinar, country="MN", organisation="Bank")
        )
        names = {answered.pk: "heard", secret.pk: "secret", open_one.pk: "open"}
        orders.append([names[pk] for pk in fair_in(webinar).order])
    assert orders[0] == orders[1] == ["secret", "open", "heard"]


@pytest.mark.django_db
def test_what_is_not_public_has_no_place_and_a_vote_is_seen_at_once() -> None:
    webinar = make_webinar()
    one = make_question(webinar, participant=make_person(webinar, country="EE"), votes=1)
    two = make_question(webinar, participant=make_person(webinar, country="MN"), votes=2)
    make_question(webinar, visibility="submitted", votes=50)
    make_question(webinar, visibility="hidden", votes=50)
    assert fair_in(webinar).order == [two.pk, one.pk]
    one.votes = 3
    one.save()
    webinar.seq += 1
    assert fair_in(webinar).order == [one.pk, two.pk]

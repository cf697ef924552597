"""Where groups agree and differ: nobody's own stand can be read from it, and it says what the rule says."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_opinion, make_person, make_webinar
from webinars.addresses import address
from webinars.agreement import FEWEST, OTHERS, split_of, what_unites, where_we_differ
from webinars.models import Opinion, OpinionState, Side, Stand, State, Webinar
from webinars.views.opinions import part_of, splits_of

codes = st.dictionaries(
    st.sampled_from(["", "EE", "UA", "MN", "GE", "KG"]), st.tuples(st.integers(0, 12), st.integers(0, 12))
)


@given(codes)
def test_no_group_shown_and_nothing_left_over_is_smaller_than_five(sides: dict[str, tuple[int, int]]) -> None:
    shown = split_of(1, {"country": sides}).groups["country"]
    assert all(group.people >= FEWEST for group in shown)
    everybody = sum(agree + disagree for agree, disagree in sides.values())
    named = [group for group in shown if group.code != OTHERS]
    left = everybody - sum(group.people for group in named)
    assert left == 0 or left >= FEWEST or not named
    if named:  # the figures are whole: with the others they are everybody
        assert sum(group.people for group in shown) == everybody
    for group in named:
        assert (group.agree, group.people - group.agree) == sides[group.code]


def test_one_mongolian_cannot_be_worked_out_from_the_sum() -> None:
    sides = {"EE": (6, 3), "UA": (5, 0), "MN": (0, 1)}
    shown = split_of(1, {"country": sides}).groups["country"]
    assert [(group.code, group.agree, group.people) for group in shown] == [("EE", 6, 9), (OTHERS, 5, 6)]


def test_alone_a_small_group_is_not_shown_and_nothing_instead() -> None:
    assert split_of(1, {"country": {"EE": (2, 2)}}).groups["country"] == []
    assert split_of(1, {"country": {"EE": (5, 0), "UA": (1, 0)}}).groups["country"] == []


def test_what_most_agree_on_in_every_group_unites_and_the_most_agreed_comes_first() -> None:
    splits = [
        split_of(1, {"country": {"EE": (6, 4), "UA": (9, 1)}}),
        split_of(2, {"country": {"EE": (8, 2), "UA": (9, 1)}}),
        split_of(3, {"country": {"EE": (5, 5), "UA": (10, 0)}}),  # half is not most
        split_of(4, {"country": {"EE": (9, 1)}}),  # nobody to compare with
    ]
    assert [split.opinion for split in what_unites(splits)] == [2, 1]
    assert [split.opinion for split in where_we_differ(splits)] == [3]


def test_groups_of_different_kinds_are_not_compared_with_each_other() -> None:
    split = split_of(1, {"country": {"EE": (9, 1)}, "part": {"speakers": (0, 10)}})
    assert split.furthest is None
    assert not split.can_be_compared
    assert not split.unites


def test_we_differ_by_twenty_points_and_the_furthest_apart_come_first() -> None:
    splits = [
        split_of(1, {"country": {"EE": (2, 8), "UA": (4, 6)}}),
        split_of(2, {"country": {"EE": (0, 10), "UA": (10, 0)}}),
        split_of(3, {"country": {"EE": (3, 7), "UA": (4, 6)}}),
    ]
    assert [split.opinion for split in where_we_differ(splits)] == [2, 1]
    furthest = splits[1].furthest
    assert furthest is not None
    assert [group.code for group in furthest] == ["UA", "EE"]


@pytest.mark.parametrize(
    ("roles", "part"),
    [(["attendee"], "participants"), (["attendee", "speaker", "moderator"], "speakers"), (["host"], "staff")],
)
def test_everybody_stands_in_one_part(roles: list[str], part: str) -> None:
    assert part_of(roles) == part


# --- the page -------------------------------------------------------------------------------------------


def fill(opinion: Opinion, country: str, agree: int, disagree: int, **facts: Any) -> None:
    sides = [Side.AGREE] * agree + [Side.DISAGREE] * disagree
    for side in sides:
        person = make_person(opinion.webinar, country=country, **facts)
        Stand.objects.create(opinion=opinion, participant=person, side=side)
    Opinion.objects.filter(pk=opinion.pk).update(
        agree=opinion.agree + agree, disagree=opinion.disagree + disagree
    )
    opinion.refresh_from_db()


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def webinar(db: None) -> Webinar:
    webinar = make_webinar()
    united, apart = make_opinion(webinar, "All of us"), make_opinion(webinar, "Some of us")
    fill(united, "EE", 8, 2)
    fill(united, "UA", 9, 0)
    fill(apart, "EE", 9, 1)
    fill(apart, "UA", 1, 9)
    fill(apart, "KG", 1, 0)
    make_opinion(webinar, "Whispering gallery", visibility=OpinionState.SUBMITTED)
    return webinar


def test_the_page_says_in_words_what_the_pictures_show(webinar: Webinar) -> None:
    page = Client().get(address(webinar, "opinions")).content.decode()
    assert page.index("What unites us</h2>") < page.index("All of us") < page.index("Where we differ</h2>")
    assert "80 % of 10 people" in page
    assert "100 % of 9 people" in page
    assert "Kyrgyzstan" not in page
    assert "Whispering gallery" not in page
    assert "style=" not in page
    assert page.count('<svg class="op-bar"') >= 5
    assert "five of its people took a side" in page


def test_skips_stands_taken_back_and_what_is_hidden_count_nowhere(webinar: Webinar) -> None:
    opinion = Opinion.objects.get(text="All of us")
    for side in (Side.SKIP, ""):
        for _ in range(6):
            person = make_person(webinar, country="MN")
            Stand.objects.create(opinion=opinion, participant=person, side=side)
    Opinion.objects.filter(text="Some of us").update(visibility=OpinionState.HIDDEN)
    splits = splits_of(webinar)
    assert list(splits) == [opinion.pk]
    assert {group.code for group in splits[opinion.pk].of("country")} == {"EE", "UA"}


def test_what_invited_people_say_is_for_them_until_the_archive_is_published(webinar: Webinar) -> None:
    Webinar.objects.update(entry="invited")
    assert Client().get(address(webinar, "opinions")).status_code == 302
    Webinar.objects.update(state=State.PUBLISHED)
    assert Client().get(address(webinar, "opinions")).status_code == 200


def test_the_archive_shows_the_published_with_how_many_stand_where(webinar: Webinar) -> None:
    writer = make_person(webinar, "Oyunbileg", country="MN")
    make_opinion(webinar, "Signed", participant=writer, archive_keeps_name=False, agree=3)
    Webinar.objects.update(state=State.ENDED)
    page = Client().get(address(webinar)).content.decode()
    assert "All of us" in page
    assert "Signed" in page
    assert "Oyunbileg" not in page
    assert "Whispering gallery" not in page
    assert address(webinar, "opinions") in page


def test_the_page_asks_as_many_queries_for_one_opinion_as_for_many(
    webinar: Webinar, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        fill(make_opinion(webinar, f"Number {n}"), "EE", 6, 1)
    browser = Client()
    browser.get(address(webinar, "opinions"))
    cache.clear()
    with django_assert_max_num_queries(8):
        assert browser.get(address(webinar, "opinions")).status_code == 200

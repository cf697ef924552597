"""The front page, the programme and a series, from the first day to a crowd of webinars."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions import create_user
from accounts.models import Organisation
from accounts.names import Names
from knowledge.actions import Text, create_guide, publish_revision
from knowledge.models import Guide
from tests.factories import make_person, make_question, make_user, make_webinar
from webinars.addresses import address
from webinars.models import Citation, Commitment, Entry, Series, State, Webinar

pytestmark = pytest.mark.django_db
HOME = "/en/"
PROGRAMME = "/en/webinars/"


def page_of(path: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(path, follow=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(str(answer.content.decode()).split())


def at(webinar: Webinar, page: str = "webinar") -> str:
    with translation.override("en"):
        return address(webinar, page)


def scheduled(title: str, days: float, **facts: Any) -> Webinar:
    return make_webinar(title, state=State.SCHEDULED, **dated(days), **facts)


def past(title: str, days: float, **facts: Any) -> Webinar:
    return make_webinar(title, state=State.PUBLISHED, **dated(-days), **facts)


def dated(days: float) -> dict[str, Any]:
    starts = timezone.now() + timedelta(days=days)
    return {"starts_at": starts, "day": starts.date()}


def held_by(webinar: Webinar, name: str, country: str = "") -> None:
    webinar.organisations.add(Organisation.objects.create(names=Names.of("en", name), country=country))


def make_lesson(number: int) -> Guide:
    author = create_user(f"author{number}@example.org", None, name="Author", roles=("expert",))
    text = Text(f"Lesson {number}", "In short.", "## One {#one}\n\nText.")
    draft = create_guide(author, language="en", text=text)
    publish_revision(draft.edition, author, text, base=None)
    return draft.edition.guide


def in_order(page: str, *words: str) -> None:
    places = [page.find(word) for word in words]
    assert -1 not in places, dict(zip(words, places, strict=True))
    assert places == sorted(places), dict(zip(words, places, strict=True))


# --- the front page --------------------------------------------------------------------------------------


def test_on_the_first_day_the_front_page_says_what_will_happen_here() -> None:
    page = page_of(HOME)
    in_order(page, "ask those who have already done it", "Hear the answer", "Find it again")
    for absent in ("Coming", "Past", "What was promised", "No webinar is planned"):
        assert absent not in page
    host = create_user("host@example.org", None, name="Host", roles=("host",))
    browser = Client()
    browser.force_login(host)
    assert "Make the first webinar" in page_of(HOME, browser)
    assert "Make the first webinar" not in page


def test_between_webinars_the_front_page_says_that_none_is_planned_and_shows_what_was() -> None:
    past("Long gone", 40)
    page = page_of(HOME)
    in_order(page, "No webinar is planned just now", "Long gone")
    assert "Hear the answer" not in page


def test_the_one_that_is_live_stands_at_the_top_where_none_follows() -> None:
    live = make_webinar("On now")
    page = page_of(HOME)
    assert '<h1><a href="' + at(live) in page
    assert f'href="{at(live, "join")}"' in page
    assert "Next webinar" not in page


def test_one_that_pauses_says_that_it_goes_on_and_still_lets_people_in() -> None:
    for next_one in (False, True):
        if next_one:
            scheduled("Next one", 3)
        else:
            paused = make_webinar("Paused", state=State.HOLD, started_at=timezone.now())
        page = page_of(HOME)
        assert "A short break: it goes on soon" in page
        assert f'href="{at(paused, "join")}"' in page
        assert '<span class="chip live">' not in page


def test_several_that_are_on_stand_above_the_next_the_live_ones_first() -> None:
    scheduled("Next one", 3)
    for state, title in ((State.LOBBY, "Lobby"), (State.HOLD, "Paused"), (State.LIVE, "Live")):
        make_webinar(title, state=state)
    in_order(
        page_of(HOME).split("<main")[1],
        "Live</span>",
        "Paused</span>",
        "Lobby</span>",
        "Next webinar",
        "Next one",
    )


def test_a_crowd_is_cut_and_leads_on() -> None:
    for n in range(30):
        scheduled(f"Coming {n:02}", 3 + n)
        past(f"Past {n:02}", 3 + n)
    for n in range(7):
        make_webinar(f"Live {n}")
    for n in range(9):
        make_lesson(n)
    page = page_of(HOME)
    assert page.count("/join/") <= 8  # four that are on, the next one, and the way in by a code
    assert page.count('class="webinar-row"') == 4 + 3
    assert page.count("card lesson") == 6
    for words in ("All that is on now", "All that is coming", "All 9 lessons", "All webinars"):
        assert words in page
    assert f'href="{PROGRAMME}?when=coming"' in page


def test_nothing_leads_on_where_nothing_more_is() -> None:
    scheduled("Next one", 3)
    scheduled("Another", 4)
    make_lesson(1)
    page = page_of(HOME)
    for words in ("All that is on now", "All that is coming", "All 1 lesson"):
        assert words not in page


def test_a_long_title_is_set_smaller_and_stays_whole() -> None:
    title = "What should the smallest municipality do first when everybody built another way to sign in? " * 2
    scheduled(title.strip(), 3)
    assert '<h1 class="long">' in page_of(HOME)
    assert title.strip() in page_of(HOME)


def test_how_much_invited_people_asked_is_not_told() -> None:
    closed = scheduled("For some", 3, entry=Entry.INVITED)
    make_question(closed, "Between us?")
    assert "1 asked" not in page_of(HOME)
    Webinar.objects.update(entry=Entry.ANYONE)
    assert "1 asked" in page_of(HOME)


# --- the programme ---------------------------------------------------------------------------------------


def test_the_programme_is_live_coming_and_past_by_year() -> None:
    make_webinar("Live one")
    scheduled("In a week", 7)
    scheduled("Tomorrow", 1)
    make_webinar("Some day", state=State.SCHEDULED, starts_at=None)
    only_day = timezone.now() + timedelta(days=3)
    make_webinar("That day, no hour", state=State.SCHEDULED, starts_at=None, day=only_day.date())
    make_webinar(
        "Of 2020", state=State.PUBLISHED, starts_at=None, day=datetime(2020, 8, 27, tzinfo=UTC).date()
    )
    make_webinar("Of 2021", state=State.ENDED, starts_at=None, day=datetime(2021, 2, 3, tzinfo=UTC).date())
    in_order(page_of(PROGRAMME).split("<main")[1], "On now", "Live one", "Coming", "Tomorrow", "That day, no hour",
             "In a week", "Some day", "Past", ">2021<", "Of 2021", ">2020<", "Of 2020")  # fmt: skip


def test_what_nobody_began_is_told_so_and_takes_nobody() -> None:
    missed = scheduled("Missed", -3)
    scheduled("Just late", -0.01)
    page = page_of(PROGRAMME)
    in_order(page, "Just late", "Not begun", "Missed")
    assert f'href="{at(missed, "attend")}"' not in page
    own = page_of(at(missed))
    assert "Nobody began this webinar on its day." in own
    assert f'href="{at(missed, "attend")}"' not in own
    assert "Missed" not in page_of(HOME)


def test_what_was_cancelled_or_put_off_is_told_until_its_day() -> None:
    make_webinar("Called off", state=State.CANCELLED, **dated(4))
    make_webinar("Called off long ago", state=State.CANCELLED, **dated(-40))
    make_webinar("Put off", state=State.POSTPONED, **dated(-40))
    page = page_of(PROGRAMME)
    for words in ("Called off", "Cancelled", "Put off", "Postponed"):
        assert words in page
    assert "Called off long ago" not in page
    assert "I will attend" not in page


def test_pages_of_the_past_have_a_fixed_size_and_show_nothing_else() -> None:
    scheduled("Next one", 3)
    for n in range(60):
        past(f"Past {n:02}", 3 + n)
    first, second, third = (page_of(f"{PROGRAMME}?page={n}") for n in (1, 2, 3))
    assert [page.count("Past ") for page in (first, second, third)] == [24, 24, 12]
    assert "Next one" in first
    assert "Next one" not in second
    for nonsense in (
        "page=x",
        "page=99",
        "page=-1",
        "year=x",
        "language=%00",
        "country=%27",
        "when=x",
        "year=²",
    ):
        page_of(f"{PROGRAMME}?{nonsense}")


def test_all_that_comes_has_pages_of_its_own() -> None:
    for n in range(30):
        scheduled(f"Number {n:02}", 3 + n)
    past("Long gone", 40)
    page = page_of(PROGRAMME)
    assert page.count("Number ") == 12 * 2  # the title, and once more for whoever hears the button
    assert 'href="?when=coming"' in page
    first, second = (page_of(f"{PROGRAMME}?when=coming&page={n}") for n in (1, 2))
    in_order(first, "Number 00", "Number 23")
    in_order(second, "Number 24", "Number 29")
    assert "Long gone" not in first + second


def test_a_handful_is_not_narrowed_and_more_is_by_language_country_and_year() -> None:
    both = past("In both", 400, languages=["mn", "en"])
    held_by(both, "Ministry M", "MN")
    held_by(both, "Office M", "MN")
    english = past("In one", 800, languages=["en"])
    held_by(english, "Ministry E", "EE")
    assert "Narrow the list" not in page_of(PROGRAMME)
    for n in range(4):
        scheduled(f"More {n}", 3 + n, languages=["uk"])
    assert "Narrow the list" in page_of(PROGRAMME)
    for query, found in {
        "language=mn": {"In both"}, "language=en": {"In both", "In one"},
        "country=MN": {"In both"}, "country=EE": {"In one"},
        f"year={english.day.year}": {"In one"}, "language=en&country=MN": {"In both"},  # type: ignore[union-attr]
    }.items():  # fmt: skip
        rows = page_of(f"{PROGRAMME}?{query}").split("<main")[1]
        shown = {title for title in ("In both", "In one", "More 0") if f">{title}</span>" in rows}
        assert shown == found, query
    empty = page_of(f"{PROGRAMME}?language=uk&country=EE")
    assert "No webinar fits that" in empty
    assert "Show all webinars" in empty
    held = page_of(PROGRAMME).split("Country")[1].split("</p>")[0]
    assert 'Mongolia <span class="num">1</span>' in " ".join(held.split())


def test_a_language_inside_another_ones_tag_is_not_it() -> None:
    for n in range(6):
        past(f"Cyrillic {n}", n + 1, languages=["mn-Cyrl"])
    past("Plain", 9, languages=["mn"])
    page = page_of(f"{PROGRAMME}?language=mn")
    assert "Plain" in page
    assert "Cyrillic 0" not in page


# --- a series --------------------------------------------------------------------------------------------


def series_page(series: Series, query: str = "", browser: Client | None = None) -> str:
    return page_of(reverse("webinars:series", kwargs={"pk": series.pk, "slug": "x"}) + query, browser)


def test_a_series_shows_its_webinars_in_order_and_what_was_learned_and_promised() -> None:
    series = Series.objects.create(name=Names.of("en", "Citizens"))
    third = scheduled("Third", 9, series=series)
    first = past("First", 90, series=series)
    second = make_webinar("Second", series=series)
    make_webinar("Secret fourth", series=series, state=State.DRAFT)
    past("Of another", 9)
    held_by(first, "Office one")
    held_by(second, "Office two")
    Citation.objects.create(guide=make_lesson(1), webinar=first, language="en", quote="")
    Commitment.objects.create(webinar=first, text=Names.of("en", "Their promise"), owner="N. N.")
    page = series_page(series)
    in_order(
        page.split("<main")[1],
        "Citizens",
        "3 webinars",
        "First",
        "Second",
        "Third",
        "What was learned",
        "Lesson 1",
    )
    for words in ("Office one", "Office two", "Their promise", at(third, "attend"), at(second, "join")):
        assert words in page
    for absent in ("Secret fourth", "Of another"):
        assert absent not in page


def test_a_series_of_drafts_alone_is_not_there_but_for_those_who_host_them() -> None:
    series = Series.objects.create(name=Names.of("en", "Secret name"))
    draft = make_webinar("Draft", series=series, state=State.DRAFT)
    path = reverse("webinars:series", kwargs={"pk": series.pk, "slug": "secret-name"})
    assert Client().get(path).status_code == 404
    assert (
        Client().get(path.replace("secret-name", "x")).status_code == 404
    )  # nor does a redirect tell the name
    host = make_user()
    make_person(draft, "Host", "attendee", "host", user=host)
    browser = Client()
    browser.force_login(host)
    assert "Secret name" in series_page(series, browser=browser)
    Webinar.objects.update(state=State.SCHEDULED)
    assert "Secret name" in series_page(series)


def test_a_long_series_has_pages() -> None:
    series = Series.objects.create(name=Names.of("en", "Citizens"))
    for n in range(30):
        past(f"Number {n:02}", 100 - n, series=series)
    in_order(series_page(series), "Number 00", "Number 23", "Page 1 of 2")
    second = series_page(series, "?page=2")
    in_order(second, 'start="25"', "Number 24", "Number 29")


# --- all of them -----------------------------------------------------------------------------------------


def test_lists_ask_the_database_as_often_for_thirty_as_for_three() -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert Client().get(path).status_code == 200
        return len(seen)

    series = Series.objects.create(name=Names.of("en", "Citizens"))

    def more(number: int) -> None:
        for n in range(number):
            place = {"series": series, "languages": ["en", "mn"]}
            for made in (
                make_webinar(f"Live {n}", **place),
                scheduled(f"Coming {n}", n + 2, **place),
                scheduled(f"Missed {n}", -9, **place),
                past(f"Past {n}", n * 90 + 1, **place),
            ):
                held_by(made, f"Office {n}", "EE" if n % 2 else "MN")
                make_person(made, f"Speaker {n}", "attendee", "speaker", zone="Europe/Tallinn")
            Citation.objects.create(
                guide=make_lesson(Guide.objects.count()), webinar=made, language="en", quote=""
            )
            Commitment.objects.create(
                webinar=made, text=Names.of("en", "Promise"), owner="N. N.", figure_goal=3
            )

    more(3)
    paths = [HOME, PROGRAMME, f"{PROGRAMME}?when=coming", f"{PROGRAMME}?year={timezone.now().year}",
             f"{PROGRAMME}?language=mn&country=EE", f"/en/webinars/series/{series.pk}-citizens/"]  # fmt: skip
    at_three = {path: queries(path) for path in paths}
    more(27)
    assert {path: queries(path) for path in paths} == at_three
    assert max(at_three.values()) <= 20


@pytest.mark.parametrize(
    "path", [HOME, PROGRAMME, f"{PROGRAMME}?when=coming", "/en/webinars/series/{series}/"]
)
def test_public_lists_set_no_cookie_and_may_be_kept(path: str) -> None:
    series = Series.objects.create(name=Names.of("en", "Citizens"))
    scheduled("Next one", 3, series=series)
    answer = Client().get(path.replace("{series}", f"{series.pk}-citizens"))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" not in answer["Cache-Control"]
    assert b"csrfmiddlewaretoken" not in answer.content


def test_two_languages_say_the_same_of_one_webinar() -> None:
    webinar = scheduled("Who pays?", 3)
    Webinar.objects.update(title=Names.of("en", "Who pays?", mn="Хэн төлөх вэ?"))
    only = scheduled("English alone", 5)
    for path, english in ((HOME, "Next webinar"), (PROGRAMME, "Coming")):
        page = page_of(path.replace("/en/", "/mn/"))
        assert '<span lang="mn">Хэн төлөх вэ?</span>' in page
        assert "Who pays?" not in page
        assert english not in page
        mark = page.split(f"/mn/webinars/{only.pk}-")[0].rsplit("<article", 1)[1]
        assert '<span class="chip line" lang="en">' in mark  # a title in another language says so
    assert '<span class="chip line" lang="en">' not in page_of(HOME)
    assert address(webinar)

"""The search page: a GET form and links, in the reader's language, whatever is sent to it."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge import search as searching
from knowledge.models import Term
from knowledge.search import Entry, replace_entries

pytestmark = pytest.mark.django_db


def told(number: int, title: str, text: str = "", lang: str = "en", **facts: Any) -> None:
    facts.setdefault("kind", "lesson")
    entry = Entry("guide", number, lang, title=title, text=text, url=f"/knowledge/{number}-text/", **facts)
    replace_entries(f"guide:{number}:{lang}", [entry])


def page(client: Client, lang: str = "en", **asked: Any) -> str:
    response = client.get(f"/{lang}/search/?{urlencode(asked, doseq=True)}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_hit_is_marked_said_in_its_language_and_linked_in_the_readers(client: Client) -> None:
    told(
        7,
        "Номын сан",
        "Ахмад иргэдийн хажууд суусан.",
        "mn",
        anchor="done",
        heading="Юу хийсэн",
        countries=("MN",),
    )
    html = page(client, "et", q="иргэн номын сан")
    assert 'href="/et/knowledge/7-text/#done"' in html
    assert "<mark>иргэдийн</mark>" in html
    assert "<mark>Номын сан</mark>" in html
    assert 'lang="mn"' in html
    assert "Mongoolia" in html


def test_an_empty_field_offers_what_to_try_and_sets_no_cookie(client: Client) -> None:
    told(1, "Libraries", topics=("training",))
    response = client.get("/en/search/")
    assert response.status_code == 200
    assert not response.cookies
    assert "?topic=training" in response.content.decode()


def test_nothing_found_says_so_and_offers_a_way_on(client: Client) -> None:
    told(1, "Libraries", topics=("training",))
    html = page(client, q="zebra")
    assert "Nothing was found" in html
    assert "?topic=training" in html


def test_topics_are_called_what_they_are_called_in_the_readers_language(client: Client) -> None:
    from accounts.names import Names

    Term.objects.create(
        name="Training",
        slug="training",
        kind=Term.Kind.TOPIC,
        names=Names.of("en", "Training", et="Koolitus"),
    )
    told(1, "Libraries", topics=("training", "partners"))
    assert "Koolitus" in page(client, "et", q="libraries")


def test_narrowing_is_a_link_and_its_chip_takes_it_back(client: Client) -> None:
    told(1, "Libraries", countries=("EE",))
    told(2, "Libraries", countries=("UA",))
    open_page = page(client, q="libraries")
    assert "?q=libraries&amp;country=EE" in open_page
    narrowed = page(client, q="libraries", country="EE")
    assert "/knowledge/1-text/" in narrowed
    assert "/knowledge/2-text/" not in narrowed
    assert '<a class="chip sky" href="?q=libraries">' in narrowed
    assert "country=EE&amp;country=UA" in narrowed
    assert '<input type="hidden" name="country" value="EE">' in narrowed


def test_pages_are_linked_both_ways(client: Client) -> None:
    for number in range(1, 13):
        told(number, f"Library {number}")
    assert "page=2" in page(client, q="library")
    second = page(client, q="library", page=2)
    assert "page=1" in second
    assert "page=3" not in second


def test_s40_titles_texts_and_queries_cannot_carry_markup(client: Client) -> None:
    evil = "<script>alert(1)</script> library <img src=x onerror=alert(1)>"
    told(1, evil, evil, heading=evil, kind="<b>", countries=("<i>",), topics=("<u>",), anchor='"><script>')
    for html in (page(client, q="library"), page(client, q=evil), page(client, q="library", topic="<u>")):
        for harm in ("<script>alert", "<img src=x", "<b>&lt;", "<i>", "<u>", '"><script>'):
            assert harm not in html
    assert "<mark>library</mark>" in page(client, q="library")


def test_a_corrected_query_can_be_searched_for_as_it_was_typed(client: Client) -> None:
    told(1, "Libraries")
    html = page(client, q="libararies")
    assert "Showing results for" in html
    assert "?q=libararies&amp;exact=1" in html
    assert "Nothing was found" in page(client, q="libararies", exact=1)


def test_scopes_of_other_apps_open_what_the_request_may_see(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(1, "Zeppelin", scope="webinar:17")
    assert "/knowledge/1-text/" not in page(client, q="zeppelin")

    def those_who_were_there(request: HttpRequest) -> set[str]:
        return {"webinar:17"}

    monkeypatch.setattr(searching, "scopes", [those_who_were_there])
    assert "/knowledge/1-text/" in page(client, q="zeppelin")


def test_the_page_asks_as_much_of_the_database_for_three_hits_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 2, 3):
        told(number, f"Libraries {number}", countries=("EE", "UA"), topics=("training",))
        if number != 2:
            with django_assert_max_num_queries(14) as queries:
                assert page(client, q="libraries").count('class="hit"') == number
            counts.append(len(queries))
    assert counts[0] == counts[1]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=100),
    st.dictionaries(
        st.sampled_from(["kind", "country", "topic", "lang", "page", "exact"]),
        st.text(max_size=30),
        max_size=4,
    ),
)
def test_s49_any_address_gives_a_page(client: Client, typed: str, narrowed: dict[str, str]) -> None:
    asked = {name: value.encode("utf-8", "replace") for name, value in {"q": typed, **narrowed}.items()}
    assert client.get(f"/en/search/?{urlencode(asked)}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "?q=%ff%fe",
        "?q=%00",
        "?q=a&page=9999",
        "?page=-1&q=a",
        "?q=a&page=%D9%A9",
        "?kind=%25&q=a",
        "?country=%00",
        "?q=",
    ],
)
def test_s49_broken_addresses_give_a_page(client: Client, address: str) -> None:
    told(1, "A library")
    assert client.get(f"/en/search/{address}").status_code == 200


def test_only_reading_is_answered(client: Client) -> None:
    assert client.post("/en/search/", {"q": "a"}).status_code == 405
    assert client.head("/en/search/?q=a").status_code == 200

"""What readers get: the page, its addresses and languages, the twin, the feed, and how often the database is asked."""

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from knowledge import related
from knowledge.actions import Text, add_edition, add_source, create_guide, publish_revision, withdraw
from knowledge.models import Edition, Guide, Revision
from tests.knowledge.writers import make_writer, publish, publish_again

pytestmark = pytest.mark.django_db


def address(edition: Edition, language: str = "en") -> str:
    edition.refresh_from_db()
    return f"/{language}/knowledge/{edition.guide_id}-{edition.slug}/"


def translate(edition: Edition, language: str, title: str) -> Edition:
    draft = add_edition(
        edition.guide, edition.guide.owner, language=language, text=Text(title, body="## A {#context}")
    )
    publish_revision(draft.edition, draft.person, Text.of(draft), base=None, based_on=edition.live)
    return Edition.objects.get(pk=draft.edition_id)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_published_guide_is_read_with_everything_about_it(client: Client) -> None:
    add_source("EE-01", title='The "digital" divide', url="https://example.org/x", year="2002")
    revision = publish(period_from=2001, period_to=2004, partners=("Banks",))
    page = client.get(address(revision.edition)).content.decode()
    assert '<h2 id="context">Context</h2>' in page
    assert '<a class="cite" href="#source-EE-01" title="The &quot;digital&quot; divide, 2002">[1]</a>' in page
    assert '<li id="source-EE-01">' in page
    assert "not yet reviewed" in page
    assert "2001–2004" in page
    assert "Estonia" in page
    assert "Banks" in page
    assert '<a href="#done">What was done</a>' in page


def test_a_public_page_sets_no_cookie_and_may_be_kept_if_asked_about(client: Client) -> None:
    for url in (address(publish().edition), "/en/knowledge/", "/en/knowledge/feed/"):
        response = client.get(url)
        assert not response.cookies, url
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate", url


def test_the_page_is_not_sent_again_to_those_who_have_it(client: Client) -> None:
    revision = publish()
    first = client.get(address(revision.edition))
    assert client.get(address(revision.edition), headers={"if-none-match": first["ETag"]}).status_code == 304
    publish_again(revision, "Ask those who stay away")
    assert client.get(address(revision.edition), headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_old_address_leads_to_the_new_one(client: Client) -> None:
    revision = publish()
    old = address(revision.edition)
    publish_again(revision, "A better title")
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, address(revision.edition))
    assert "a-better-title" in response["Location"]
    assert client.get(f"/en/knowledge/{revision.edition.guide_id}/").status_code == 301


def test_the_language_menu_leads_to_the_guide_in_that_language(client: Client) -> None:
    edition = publish().edition
    mongolian = translate(edition, "mn", "Яагаад")
    response = client.get(address(edition, "mn"))
    assert (response.status_code, response["Location"]) == (302, address(mongolian, "mn"))
    assert client.get(address(mongolian, "mn")).status_code == 200


def test_a_guide_without_that_language_is_shown_in_the_one_it_has(client: Client) -> None:
    response = client.get(address(publish().edition, "uk"))
    assert response.status_code == 200
    assert '<article class="prose" lang="en"' in response.content.decode()


def test_an_edition_in_a_language_the_interface_does_not_speak_can_be_read(client: Client) -> None:
    edition = publish().edition
    german = translate(edition, "de", "Fragen Sie")
    assert 'lang="de"' in client.get(address(german)).content.decode()


def test_a_draft_is_found_by_nobody_but_leads_its_author_to_the_editor(client: Client) -> None:
    author = make_writer()
    draft = create_guide(author, language="en", text=Text("A"))
    url = f"/en/knowledge/{draft.edition.guide_id}/"
    assert client.get(url).status_code == 404
    client.force_login(make_writer("editor"))
    assert client.get(url).status_code == 404
    client.force_login(author)
    assert client.get(url)["Location"] == f"/en/knowledge/{draft.edition.guide_id}/edit/en/"


def test_a_withdrawn_text_stays_under_a_dated_notice(client: Client) -> None:
    edition = publish().edition
    withdraw(edition, why="The programme ended.")
    page = client.get(address(edition)).content.decode()
    assert "Withdrawn on" in page
    assert "The programme ended." in page
    assert "They were asked." in page


def test_s40_titles_and_terms_with_html_in_them_are_text(client: Client) -> None:
    bad = "<script>alert(1)</script>"
    edition = publish(
        f"Hello {bad}", f"{bad} <img src=x onerror=alert(1)>", summary=bad, topics=(bad,)
    ).edition
    for url in (address(edition), "/en/knowledge/", "/en/knowledge/feed/"):
        page = client.get(url).content.decode()
        assert bad not in page, url
        assert "<img" not in page, url


def test_related_guides_share_terms(client: Client) -> None:
    edition = publish("First", topics=("Trust", "Money")).edition
    publish("Second", topics=("Trust",))
    publish("Third", topics=("Trust", "Money"))
    publish("Fourth", topics=("Other",))
    page = client.get(address(edition)).content.decode()
    assert 0 < page.index("Third") < page.index("Second")
    assert "Fourth" not in page


def test_other_apps_say_where_it_was_asked(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(guide: Guide) -> list[related.Mention]:
        return [{"quote": f"Why {guide.pk}?", "url": "/en/webinars/1-x/", "language": "en", "anchor": "done"}]

    monkeypatch.setattr(related, "_finders", [])
    related.register(asked)
    related.register(asked)
    edition = publish().edition
    page = client.get(address(edition)).content.decode()
    assert page.count(f'<a href="/en/webinars/1-x/">Why {edition.guide_id}?</a>') == 1


def test_reading_takes_three_queries_however_much_there_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "_finders", [])
    edition = publish().edition
    url = address(edition)
    client.get(url)
    assert queries(client, url) == 3
    publish("Second")
    publish("Third")
    translate(edition, "et", "Küsi")
    assert queries(client, url) == 3


def test_the_shelf_takes_as_many_queries_for_three_guides_as_for_one(client: Client) -> None:
    publish("First")
    client.get("/en/knowledge/")
    one = queries(client, "/en/knowledge/")
    publish("Second", topics=("Trust",))
    publish("Third", countries=("UA", "MN"))
    assert queries(client, "/en/knowledge/") == one <= 8


def shown(client: Client, query: str) -> set[str]:
    response = client.get(f"/en/knowledge/{query}")
    assert response.status_code == 200
    return {edition.live.title for _, edition in response.context["cards"]}


def stock_the_shelf() -> None:
    publish("Estonian one", countries=("EE",), topics=("Trust",), target_groups=("Older people",))
    publish("Ukrainian one", countries=("UA", "MN"), topics=("Money",), kind="howto")
    publish(
        "Монгол нэг",
        countries=("MN",),
        language="mn",
        topics=("Trust",),
        target_groups=("Herders", "Older people"),
    )


def test_the_shelf_is_narrowed_by_several_things_at_once(client: Client) -> None:
    stock_the_shelf()
    expected = {
        "": {"Estonian one", "Ukrainian one", "Монгол нэг"},
        "?country=MN": {"Ukrainian one", "Монгол нэг"},
        "?country=EE&country=UA": {"Estonian one", "Ukrainian one"},
        "?topic=trust": {"Estonian one", "Монгол нэг"},
        "?target=older-people": {"Estonian one", "Монгол нэг"},
        "?target=older-people&country=MN": {"Монгол нэг"},
        "?kind=howto": {"Ukrainian one"},
        "?language=mn": {"Монгол нэг"},
        "?country=EE&topic=money": set(),
        "?topic=older-people": set(),
        "?country=EE&country=%22&page=x": {"Estonian one"},
        "?country=%22&topic=%00x&kind=%27&page=99999": {"Estonian one", "Ukrainian one", "Монгол нэг"},
    }
    assert {query: shown(client, query) for query in expected} == expected


def test_each_choice_says_how_many_it_leaves_and_leads_there(client: Client) -> None:
    stock_the_shelf()
    for query in ("", "?country=MN", "?country=MN&topic=trust", "?target=herders&kind=lesson"):
        facets = client.get(f"/en/knowledge/{query}").context["facets"]
        assert facets, query
        for facet in facets:
            chosen = sum(choice.active for choice in facet.choices)
            for choice in (*facet.choices, *facet.more):
                if not chosen:
                    assert len(shown(client, choice.url)) == choice.number, (query, choice)
                if choice.active:
                    assert f"{facet.field}={choice.value}" not in choice.url
    page = client.get("/en/knowledge/?country=MN").content.decode()
    assert 'aria-current="true"' in page
    assert "?country=MN&amp;topic=trust" in page


def test_what_leaves_nothing_says_so_and_how_to_get_back(client: Client) -> None:
    stock_the_shelf()
    page = client.get("/en/knowledge/?country=EE&topic=money").content.decode()
    assert "Nothing here fits that" in page
    assert 'href="?country=EE"' in page
    assert 'href="?topic=money"' in page
    strange = client.get("/en/knowledge/?country=XX&topic=no-such").content.decode()
    assert "Nothing here fits that" in strange


def test_a_draft_and_a_page_of_the_site_are_not_counted(client: Client) -> None:
    stock_the_shelf()
    create_guide(make_writer(), language="en", text=Text("Not yet"))
    assert client.get("/en/knowledge/").context["page"].paginator.count == 3


def test_two_hundred_guides_come_page_by_page_and_keep_what_was_chosen(client: Client) -> None:
    publish("The first", topics=("Trust",))
    client.get("/en/knowledge/")
    few = queries(client, "/en/knowledge/")
    many(200)
    assert queries(client, "/en/knowledge/") == few
    first = client.get("/en/knowledge/?country=FI")
    assert first.context["page"].paginator.count == 200
    assert 'rel="next" href="?country=FI&amp;page=2"' in first.content.decode()
    seen = [shown(client, f"?country=FI&page={number}") for number in range(1, 10)]
    assert [len(titles) for titles in seen] == [24] * 8 + [8]
    assert len(set().union(*seen)) == 200


def many(number: int) -> None:
    """As many guides as a busy site has, without the work of publishing each."""
    owner = make_writer()
    guides = Guide.objects.bulk_create(
        Guide(owner=owner, source_language="en", countries=["FI"]) for _ in range(number)
    )
    editions = Edition.objects.bulk_create(
        Edition(guide=guide, language="en", slug=f"g-{guide.pk}", state="published") for guide in guides
    )
    revisions = Revision.objects.bulk_create(
        Revision(edition=edition, number=1, title=f"Guide {edition.pk}", body="", html="", plain="")
        for edition in editions
    )
    for edition, revision in zip(editions, revisions, strict=True):
        edition.live = revision
    Edition.objects.bulk_update(editions, ["live"])


def test_what_the_readers_language_has_stands_before_what_is_newer(client: Client) -> None:
    publish("Old, Mongolian", language="mn")
    publish("Older than the newest, English")
    publish("Newest, English")
    titles = ["Old, Mongolian", "Older than the newest, English", "Newest, English"]

    def shown(path: str) -> list[str]:
        page = client.get(path).content.decode()
        return sorted((title for title in titles if title in page), key=page.index)

    assert shown("/en/knowledge/") == ["Newest, English", "Older than the newest, English", "Old, Mongolian"]
    assert shown("/mn/knowledge/") == ["Old, Mongolian", "Newest, English", "Older than the newest, English"]
    assert shown("/mn/")[0] == "Old, Mongolian"


def test_an_empty_shelf_says_so(client: Client) -> None:
    assert "No guides yet" in client.get("/en/knowledge/").content.decode()
    client.force_login(make_writer())
    assert "Write the first one" in client.get("/en/knowledge/").content.decode()


def test_the_markdown_twin_is_the_text_as_stored_with_its_facts(client: Client) -> None:
    add_source("EE-01", title="Digital divide", year="2002")
    revision = publish('A "title": with signs', period_from=2001)
    edition = Edition.objects.get()
    url = address(edition)[:-1] + ".md"
    response = client.get(url)
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    _, front, body = response.content.decode().split("---\n", 2)
    facts = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in front.splitlines()}
    assert facts["title"] == 'A "title": with signs'
    assert facts["countries"] == ["EE"]
    assert facts["sources"][0]["key"] == "EE-01"
    assert facts["address"] == f"http://testserver{address(edition)}"
    assert body.strip() == f"# {revision.title}\n\n{revision.body}"
    assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.get(f"/en/knowledge/{edition.guide_id}-old.md").status_code == 301


def test_the_feed_holds_the_newest_texts_of_its_language(client: Client) -> None:
    edition = publish("First & <best>").edition
    publish("Монгол", language="mn")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(client.get("/en/knowledge/feed/").content)
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}title") for entry in entries] == ["First & <best>"]
    link = entries[0].find(f"{atom}link")
    assert link is not None
    assert link.get("href") == f"http://testserver{address(edition)}"
    for name in ("id", "updated", "published"):
        assert entries[0].findtext(f"{atom}{name}"), name
    for name in ("id", "title", "updated"):
        assert feed.findtext(f"{atom}{name}"), name
    mongolian = ElementTree.fromstring(client.get("/mn/knowledge/feed/").content)
    assert [entry.findtext(f"{atom}title") for entry in mongolian.findall(f"{atom}entry")] == ["Монгол"]


def test_the_id_of_an_entry_in_the_feed_outlives_its_title(client: Client) -> None:
    def entry_id() -> Any:
        feed = ElementTree.fromstring(client.get("/en/knowledge/feed/").content)
        return feed.findtext("{*}entry/{*}id")

    revision = publish()
    before = entry_id()
    publish_again(revision, "A better title")
    assert entry_id() == before

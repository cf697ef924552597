"""What is published is found, section by section; what is not, or no longer, is not; a reindex mends the rest."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from knowledge.actions.drafts import add_edition, create_guide
from knowledge.actions.publishing import publish_revision, withdraw
from knowledge.actions.shapes import Details, Text
from knowledge.models import Edition, SearchEntry, SearchState, SearchStem, SearchVocab
from knowledge.search import search, sources
from knowledge.search.guides import entries_for
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)

BODY = """The library stood in the middle of the village.

## What was done {#done}

A librarian sat beside older people until the first signature worked.

## What was hard {#hard}

The bus came only once a week.
"""


def published(title: str = "Libraries as the first help desk", body: str = BODY, lang: str = "en") -> Edition:
    author = make_user()
    details = Details(countries=("EE",), topics=("Training",))
    text = Text(title, "Where people learned to sign.", body)
    edition = create_guide(author, language=lang, text=text, details=details).edition
    publish_revision(edition, author, text, base=None, details=details)
    return Edition.objects.get(pk=edition.pk)


def urls(typed: str) -> list[str]:
    return [hit.url for hit in search(typed, {"public"}).hits]


def test_a_section_is_found_and_its_address_opens_it(client: Client) -> None:
    edition = published()
    address = f"/knowledge/{edition.guide_id}-{edition.slug}/"
    assert urls("bus once a week") == [f"{address}#hard"]
    assert urls("librarians beside an older person") == [f"{address}#done"]
    assert urls("training") == [address]
    assert client.get(f"/en{address}").status_code == 200


def test_the_guide_is_one_hit_with_its_facts(client: Client) -> None:
    published()
    results = search("library", {"public"})
    assert [(hit.kind, hit.lang, hit.countries, hit.topics) for hit in results.hits] == [
        ("lesson", "en", ("EE",), ("training",))
    ]
    assert results.facets["country"] == [("EE", 1)]


def test_a_draft_is_not_found_until_it_is_published() -> None:
    author = make_user()
    text = Text("Zeppelins", "", "A zeppelin over the ministry.")
    edition = create_guide(author, language="en", text=text).edition
    call_command("reindex", stdout=StringIO())
    assert urls("zeppelin") == []
    assert not SearchVocab.objects.filter(word="zeppelin").exists()
    publish_revision(edition, author, text, base=None)
    assert len(urls("zeppelin")) == 1


def test_each_language_of_a_guide_is_found_in_its_own_words() -> None:
    edition = published()
    text = Text("Номын сан", "", "Номын санч ахмад иргэдийн хажууд суусан.")
    draft = add_edition(edition.guide, make_user(), language="mn", text=text)
    publish_revision(draft.edition, draft.person, text, base=None)
    assert [hit.lang for hit in search("номын сангийн иргэн", {"public"}).hits] == ["mn"]
    assert [hit.lang for hit in search("library", {"public"}).hits] == ["en"]


def test_publishing_one_language_tells_the_others_what_they_share() -> None:
    edition = published()
    author = make_user()
    text, details = Text("Raamatukogud", "", "Küla."), Details(countries=("EE", "UA"), topics=("Training",))
    draft = add_edition(edition.guide, author, language="et", text=text)
    publish_revision(draft.edition, author, text, base=None, details=details)
    assert [hit.countries for hit in search("librarian", {"public"}).hits] == [("EE", "UA")]


def test_a_withdrawn_text_is_forgotten() -> None:
    edition = published()
    withdraw(edition, why="The law changed.")
    assert urls("librarian") == []
    assert entries_for(Edition.objects.get(pk=edition.pk)) == []
    assert (SearchEntry.objects.count(), SearchVocab.objects.count(), SearchStem.objects.count()) == (0, 0, 0)


def test_a_reindex_brings_back_what_was_lost_and_drops_what_should_be_gone() -> None:
    edition = published()
    published("Buses", "A bus that brought the bank.")
    counts = sorted(SearchVocab.objects.values_list("lang", "word", "df"))
    SearchEntry.objects.filter(parent=f"guide:{edition.guide_id}:en").update(
        source_hash="from before", title="Old"
    )
    said = StringIO()
    call_command("reindex", stdout=said)
    assert "1 written, 0 removed, 1 as they were" in said.getvalue()
    assert urls("librarian")
    assert sorted(SearchVocab.objects.values_list("lang", "word", "df")) == counts
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.UNPUBLISHED)
    call_command("reindex", stdout=StringIO())
    assert urls("librarian") == []


def test_a_reindex_from_scratch_arrives_at_the_same_index() -> None:
    published()
    published("Buses", "A bus that brought the bank.")

    def index() -> tuple[object, ...]:
        state = SearchState.objects.get()
        return (
            sorted(SearchEntry.objects.values_list("parent", "anchor", "source_hash")),
            sorted(SearchVocab.objects.values_list("lang", "word", "stem", "fold", "df")),
            sorted(SearchStem.objects.values_list("stem", "df")),
            (state.entries, state.terms, state.languages),
        )

    before = index()
    call_command("reindex", from_scratch=True, stdout=StringIO())
    assert index() == before


def test_a_reindex_reads_the_sources_of_other_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge.search import Entry

    def answers() -> list[tuple[str, list[Entry]]]:
        return [
            (
                "question:9",
                [Entry("question", 9, "en", "answer", "How much?", "Nothing.", "/webinars/1-x/#q9")],
            )
        ]

    monkeypatch.setitem(sources, "answers", answers)
    call_command("reindex", stdout=StringIO())
    assert [hit.kind for hit in search("how much", {"public"}).hits] == ["answer"]
    monkeypatch.delitem(sources, "answers")
    call_command("reindex", stdout=StringIO())
    assert search("how much", {"public"}).hits == []

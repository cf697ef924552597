"""Publishing points an edition at one immutable revision; conflicts keep both texts."""

import pytest

from knowledge.actions import (
    Conflict,
    Details,
    Text,
    add_edition,
    add_source,
    create_guide,
    discard_draft,
    publish_revision,
    save_draft,
    withdraw,
)
from knowledge.markdown import TooComplex
from knowledge.models import Draft, Edition, Guide, Revision, SearchEntry, Term
from tests.knowledge.writers import make_writer, publish, publish_again

pytestmark = pytest.mark.django_db


def test_a_new_guide_is_its_authors_draft_and_nobody_reads_it() -> None:
    author = make_writer()
    draft = create_guide(author, language="mn", text=Text("Яагаад"))
    assert draft.edition.slug == "yaagaad"
    assert not Guide.objects.published().exists()
    assert list(Guide.objects.visible_to(author)) == [draft.edition.guide]
    assert not Guide.objects.visible_to(make_writer()).exists()


def test_publishing_shows_the_text_and_ends_the_draft() -> None:
    add_source("EE-01", title="Digital divide", year="2002")
    revision = publish()
    edition = Edition.objects.get()
    assert edition.live == revision
    assert edition.state == Edition.State.PUBLISHED
    assert edition.first_published_at == edition.published_at
    assert (revision.number, revision.parent) == (1, None)
    assert [entry["id"] for entry in revision.toc] == ["context", "done"]
    assert [source["key"] for source in revision.citations] == ["EE-01"]
    assert [source.key for source in edition.guide.sources.all()] == ["EE-01"]
    assert not Draft.objects.exists()


def test_headings_get_their_ids_when_they_are_published() -> None:
    assert publish(body="## Мэдээлэл\n\nx", language="mn").body == "## Мэдээлэл {#medeelel}\n\nx"


def test_a_revision_is_never_changed() -> None:
    revision = publish()
    revision.title = "Other"
    with pytest.raises(TypeError):
        revision.save()
    assert Revision.objects.get().title == "Ask those who stay away"


def test_the_next_version_is_a_new_revision_and_moves_the_address() -> None:
    first = publish()
    second = publish_again(first, "Ask first")
    edition = Edition.objects.get()
    assert (second.number, second.parent, edition.live, edition.slug) == (2, first, second, "ask-first")
    assert edition.first_published_at != edition.published_at


def test_a_revision_that_went_live_meanwhile_is_a_conflict_and_loses_nothing() -> None:
    first = publish()
    second = publish_again(first, "Theirs")
    editor = make_writer("editor")
    edition = second.edition
    mine = Text("Mine", "", "my words")
    save_draft(edition, editor, mine, Details(), version=0, base=first)
    with pytest.raises(Conflict) as conflict:
        publish_revision(edition, editor, mine, base=first)
    assert conflict.value.theirs == second
    assert conflict.value.mine == mine
    assert Edition.objects.get().live == second
    assert Draft.objects.get(person=editor).body == "my words"


def test_another_window_of_the_same_person_is_a_conflict_too() -> None:
    author = make_writer()
    draft = create_guide(author, language="en", text=Text("A"))
    save_draft(draft.edition, author, Text("First window"), Details(), version=1, base=None)
    with pytest.raises(Conflict) as conflict:
        save_draft(draft.edition, author, Text("Second window"), Details(), version=1, base=None)
    assert conflict.value.theirs.title == "First window"
    assert conflict.value.mine.title == "Second window"
    assert Draft.objects.get().title == "First window"


def test_a_text_that_cannot_be_laid_out_changes_nothing() -> None:
    author = make_writer()
    draft = create_guide(author, language="en", text=Text("A", body="[" * 5_000))
    with pytest.raises(TooComplex):
        publish_revision(draft.edition, author, Text.of(draft), base=None)
    assert not Revision.objects.exists()
    assert Draft.objects.get().body == "[" * 5_000


def test_terms_are_found_by_their_name_in_any_language() -> None:
    publish(target_groups=("Older people",))
    term = Term.objects.get(kind="target_group")
    term.names = term.names.of("en", "Older people", uk="Люди старшого віку")
    term.save()
    publish("Друга", language="uk", target_groups=("люди старшого віку", "Нова"))
    assert Term.objects.filter(kind="target_group").count() == 2
    assert term.uses.count() == 2


def test_a_partner_and_a_target_group_may_have_the_same_name() -> None:
    publish(target_groups=("Banks",), partners=("Banks",))
    assert Term.objects.filter(name="Banks").count() == 2


def test_two_editions_of_a_guide_never_share_an_address() -> None:
    revision = publish("e-Mongolia")
    author = revision.author
    draft = add_edition(revision.edition.guide, author, language="mn", text=Text("e-Mongolia", body="x"))
    publish_revision(draft.edition, author, Text.of(draft), base=None, based_on=revision)
    assert sorted(Edition.objects.values_list("slug", flat=True)) == ["e-mongolia", "e-mongolia-mn"]


def test_a_translation_begins_with_what_is_true_of_the_guide() -> None:
    revision = publish(period_from=2001, partners=("Banks",))
    draft = add_edition(revision.edition.guide, make_writer("translator"), language="et", text=Text("Küsi"))
    assert draft.details["period_from"] == 2001
    assert draft.details["partners"] == ["Banks"]


def test_what_is_published_is_found_and_what_is_withdrawn_is_not_but_stays() -> None:
    revision = publish()
    assert SearchEntry.objects.filter(object_id=revision.edition.guide_id).count() == 3
    withdraw(revision.edition, why="The programme ended.")
    assert not SearchEntry.objects.exists()
    edition = Edition.objects.published().get()
    assert (edition.state, edition.withdrawal_note) == ("withdrawn", "The programme ended.")
    assert edition.withdrawn_at


def test_sections_are_the_text_under_each_heading() -> None:
    revision = publish(body="intro\n\n## Done {#done}\n\nwe asked\n\n## Cost {#cost}\n\nlittle")
    assert [tuple(section) for section in revision.sections()] == [
        ("", "", "intro"),
        ("done", "Done", "we asked"),
        ("cost", "Cost", "little"),
    ]


def test_discarding_the_only_draft_of_a_new_guide_leaves_nothing() -> None:
    discard_draft(create_guide(make_writer(), language="en", text=Text("A")))
    assert not Guide.objects.exists()


def test_discarding_a_draft_of_a_published_guide_leaves_what_is_read() -> None:
    revision = publish()
    draft = save_draft(revision.edition, revision.author, Text("B"), Details(), version=0, base=revision)
    discard_draft(draft)
    assert Edition.objects.get().live == revision


@pytest.mark.parametrize("key", ["", "a b", "<x>", "x" * 41, "-a", "ä"])
def test_a_source_that_could_not_be_cited_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="cannot be cited"):
        add_source(key, title="T")

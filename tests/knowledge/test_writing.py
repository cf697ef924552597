"""The editor without a script: nothing typed is lost, and only those who may can write."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from knowledge.actions import Text, create_guide
from knowledge.models import Draft, Edition, Guide, Revision, Source
from tests.knowledge.writers import make_writer, publish, publish_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client: Client) -> User:
    author = make_writer()
    client.force_login(author)
    return author


def begin(author: User, **facts: Any) -> Draft:
    return create_guide(author, language="en", text=Text("Ask first", **facts))


def url(edition: Edition) -> str:
    return f"/en/knowledge/{edition.guide_id}/edit/{edition.language}/"


def fields(client: Client, address: str) -> dict[str, Any]:
    """What the browser would send back."""
    form = client.get(address).context["form"]
    values = {field.name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in values.items()}


def send(client: Client, edition: Edition, do: str, **changed: Any) -> Any:
    return client.post(url(edition), {**fields(client, url(edition)), "do": do, **changed})


def test_a_lesson_begins_with_its_parts_in_the_language_it_is_written_in(
    client: Client, author: User
) -> None:
    response = client.post("/en/knowledge/new/", {"title": "Ask first", "kind": "lesson", "language": "en"})
    guide = Guide.objects.get()
    assert response["Location"] == f"/en/knowledge/{guide.pk}/edit/en/"
    assert guide.owner == author
    assert "## What was done {#done}" in Draft.objects.get().body


def test_the_writer_never_sees_ids_and_they_are_not_lost(client: Client, author: User) -> None:
    draft = begin(author, body="## Context {#context}\n\n## Done {#done}")
    assert "{#" not in fields(client, url(draft.edition))["body"]
    send(client, draft.edition, "save", body="## Done\n\nfirst\n\n## Background")
    assert Draft.objects.get().body == "## Done {#done}\n\nfirst\n\n## Background"
    send(client, draft.edition, "publish", body="## Done\n\nfirst\n\n## Background")
    assert Revision.objects.get().body == "## Done {#done}\n\nfirst\n\n## Background {#background}"


def test_publishing_from_the_form_keeps_everything_that_was_said(client: Client, author: User) -> None:
    draft = begin(author, body="## Done\n\nx")
    response = send(
        client,
        draft.edition,
        "publish",
        summary="In short.",
        countries="Estonia, Atlantis",
        period_from="2001",
        period_to="2004",
        topics="Trust, trust ,  Money",
        partners="Banks",
        review_by="2027-01-31",
        credits="Saule and others",
    )
    assert response.status_code == 422
    assert "No country is called Atlantis." in response.content.decode()
    response = send(client, draft.edition, "publish", countries="Estonia, ua; монгол", topics="Trust,  Money")
    assert response.status_code == 302
    guide = Guide.objects.get()
    assert guide.countries == ["EE", "UA", "MN"]
    assert (guide.period_from, guide.period_to, str(guide.review_by)) == (2001, 2004, "2027-01-31")
    assert {(term.kind, term.name) for term in guide.terms.all()} == {
        ("topic", "Trust"),
        ("topic", "Money"),
        ("partner", "Banks"),
    }
    assert client.get(response["Location"]).status_code == 200


def test_a_name_with_a_comma_stays_one_name(client: Client, author: User) -> None:
    names = {"Люди, які не користуються інтернетом", "Adults", 'Group "A"'}
    revision = publish(author=author, topics=(), target_groups=tuple(names))
    edition = Edition.objects.get(pk=revision.edition_id)
    shown = fields(client, url(edition))["target_groups"]
    assert '"Люди, які не користуються інтернетом"' in shown
    assert send(client, edition, "publish", target_groups=f"{shown}, Companies; Banks").status_code == 302
    assert {term.name for term in edition.guide.terms.all()} == names | {"Companies", "Banks"}


def test_what_is_missing_is_said_and_nothing_is_lost(client: Client, author: User) -> None:
    draft = begin(author)
    response = send(client, draft.edition, "publish", title=" ", summary="kept words")
    page = response.content.decode()
    assert response.status_code == 422
    assert "A title is needed." in page
    assert "There is no text yet." in page
    assert "kept words" in page
    assert Draft.objects.get().summary == "kept words"
    assert not Revision.objects.exists()


def test_a_wrong_year_does_not_cost_the_text(client: Client, author: User) -> None:
    draft = begin(author)
    response = send(client, draft.edition, "save", body="long work", period_from="1492", topics="Trust")
    assert response.status_code == 422
    assert "long work" in response.content.decode()
    stored = Draft.objects.get()
    assert stored.body == "long work"
    assert stored.details["topics"] == ["Trust"]
    assert stored.details["period_from"] is None


def test_a_bomb_is_refused_in_words_and_kept(client: Client, author: User) -> None:
    draft = begin(author)
    response = send(client, draft.edition, "publish", body="[" * 5_000)
    assert response.status_code == 422
    assert "2,000 square brackets" in response.content.decode()
    assert Draft.objects.get().body == "[" * 5_000


def test_the_preview_button_shows_the_text_by_the_renderer_that_publishes(
    client: Client, author: User
) -> None:
    draft = begin(author)
    page = send(client, draft.edition, "preview", body="*typed* <script>x</script>").content.decode()
    assert "<em>typed</em> &lt;script&gt;x&lt;/script&gt;" in page
    assert Draft.objects.get().body == ""


def test_the_script_gets_the_preview_as_a_page(client: Client, author: User) -> None:
    text = {"body": "## Cost\n\nlittle *money* [@X]", "language": "en", "title": "T"}
    page = client.post("/en/knowledge/preview/", text).content.decode()
    assert "little <em>money</em>" in page
    assert "X: unknown source" in page
    assert 'data-heading="Cost"' in page
    for live in ("preview", "parts", "checks"):
        assert f'data-live="{live}"' in page
    bomb = client.post("/en/knowledge/preview/", {"body": "[" * 5_000, "language": "<x>"})
    assert bomb.status_code == 200
    assert "2,000 square brackets" in bomb.content.decode()


def test_the_script_saves_and_hears_of_conflicts(client: Client, author: User) -> None:
    draft = begin(author)
    json = {"accept": "application/json"}
    first = fields(client, url(draft.edition))
    saved = client.post(url(draft.edition), {**first, "do": "save", "body": "one"}, headers=json)
    assert saved.json()["version"] == 2
    late = client.post(url(draft.edition), {**first, "do": "save", "body": "two"}, headers=json)
    assert (late.status_code, late.json()) == (409, {"conflict": True})
    assert Draft.objects.get().body == "one"


def test_two_windows_show_each_other_and_the_writer_decides(client: Client, author: User) -> None:
    draft = begin(author)
    first = fields(client, url(draft.edition))
    client.post(url(draft.edition), {**first, "do": "save", "body": "first window"})
    response = client.post(url(draft.edition), {**first, "do": "save", "body": "second window"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "first window" in page
    assert "second window" in page
    again = {field.name: field.value() or "" for field in response.context["form"]}
    assert client.post(url(draft.edition), {**again, "do": "save"}).status_code == 302
    assert Draft.objects.get().body == "second window"


def test_a_version_published_meanwhile_is_shown_before_it_is_replaced(client: Client) -> None:
    revision = publish()
    editor = make_writer("editor")
    client.force_login(editor)
    edition = revision.edition
    before = fields(client, url(edition))
    theirs = publish_again(revision, "Theirs", "their words")
    response = client.post(url(edition), {**before, "do": "publish", "body": "my words"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "their words" in page
    assert "my words" in page
    assert Edition.objects.get().live == theirs
    again = {field.name: field.value() or "" for field in response.context["form"]}
    assert client.post(url(edition), {**again, "do": "publish"}).status_code == 302
    live = Edition.objects.get().live
    assert live
    assert (live.body, live.parent, live.author) == ("my words", theirs, editor)


def test_a_source_can_be_added_while_writing(client: Client, author: User) -> None:
    draft = begin(author)
    bad = send(client, draft.edition, "add-source", body="work", **{"source-key": "a b", "source-title": "T"})
    assert bad.status_code == 422
    assert "work" in bad.content.decode()
    good = {"source-key": "EE-99", "source-title": "A study", "source-url": "example.org/x"}
    assert send(client, draft.edition, "add-source", body="work", **good).status_code == 302
    assert Source.objects.get().url == "https://example.org/x"
    stored = Draft.objects.get()
    assert stored.body == "work"
    assert stored.details["sources"] == ["EE-99"]


def test_a_translation_is_begun_from_the_original_and_rests_on_it(client: Client) -> None:
    revision = publish()
    client.force_login(make_writer("translator"))
    address = f"/en/knowledge/{revision.edition.guide_id}/edit/mn/"
    assert "## What was done" in fields(client, address)["body"]
    assert Edition.objects.count() == 1
    body = "## Нөхцөл\n\nx\n\n## Юу хийсэн\n\ny"
    response = client.post(
        address, {**fields(client, address), "title": "Асуу", "body": body, "do": "publish"}
    )
    assert response.status_code == 302
    translation = Edition.objects.get(language="mn").live
    assert translation
    assert translation.based_on == revision
    assert re.findall(r"\{#(.*?)\}", translation.body) == ["context", "done"]


def test_a_draft_can_be_thrown_away(client: Client, author: User) -> None:
    draft = begin(author)
    assert send(client, draft.edition, "discard").status_code == 302
    assert not Guide.objects.exists()


def test_withdrawing_asks_why(client: Client) -> None:
    revision = publish()
    client.force_login(revision.author)
    address = f"/en/knowledge/{revision.edition.guide_id}/withdraw/en/"
    assert client.post(address, {"why": ""}).status_code == 200
    assert Edition.objects.get().state == "published"
    assert client.post(address, {"why": "It ended."}).status_code == 302
    assert Edition.objects.get().state == "withdrawn"


WHO = ["guest", "participant", "expert", "owner", "reviewer", "translator", "editor", "administrator", "host"]
MAY = {
    "new": {"expert", "owner", "editor", "administrator"},
    "edit a draft": {"owner", "editor", "administrator"},
    "edit what is published": {"owner", "editor", "administrator"},
    "translate": {"owner", "translator", "editor", "administrator"},
    "preview": {"expert", "owner", "reviewer", "translator", "editor", "administrator"},
    "withdraw": {"owner", "editor", "administrator"},
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("what", MAY)
def test_only_those_in_the_table_may(client: Client, who: str, what: str) -> None:
    owner = make_writer()
    published = publish(author=owner).edition
    draft = begin(owner)
    addresses = {
        "new": "/en/knowledge/new/",
        "edit a draft": url(draft.edition),
        "edit what is published": url(published),
        "translate": f"/en/knowledge/{published.guide_id}/edit/mn/",
        "preview": "/en/knowledge/preview/",
        "withdraw": f"/en/knowledge/{published.guide_id}/withdraw/en/",
    }
    if who != "guest":
        roles = [] if who == "participant" else [who]
        client.force_login(owner if who == "owner" else make_writer(*(roles or ["nobody"])))
    ask = client.post if what == "preview" else client.get
    status = ask(addresses[what]).status_code
    if who in MAY[what]:
        assert status == 200
    elif who == "guest":
        assert status == 302
    else:
        assert status == (404 if what == "edit a draft" and who != "reviewer" else 403)


def test_the_editor_asks_for_a_token(author: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    draft = begin(author)
    assert strict.post(url(draft.edition), {"do": "publish", "title": "x", "body": "y"}).status_code == 403
    assert strict.post("/en/knowledge/preview/", {"body": "x"}).status_code == 403


def test_a_language_that_is_none_is_not_found(client: Client, author: User) -> None:
    draft = begin(author)
    assert client.get(f"/en/knowledge/{draft.edition.guide_id}/edit/x_y/").status_code == 404

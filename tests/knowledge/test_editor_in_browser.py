"""The editor and the page in a real browser, against the real server: nothing typed is lost, nothing typed runs."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from knowledge.actions import Text, create_guide
from knowledge.models import Draft, Edition
from tests.knowledge.test_xss import CORPUS
from tests.knowledge.writers import make_writer, publish, publish_again
from tests.site import Site

PATIENCE = 30_000  # milliseconds; the machine may be busy
expect.set_options()


@pytest.fixture
def page(chromium: Browser, live_site: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on(
        "console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.on("dialog", lambda dialog: (problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    context.close()
    assert problems == []


def sign_in(page: Page, site: Site, user: User) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site.url}])


def open_editor(page: Page, site: Site, **facts: str) -> Draft:
    author = make_writer()
    draft = create_guide(author, language="en", text=Text("Ask first", **facts))
    sign_in(page, site, author)
    page.goto(f"{site.url}/en/knowledge/{draft.edition.guide_id}/edit/en/")
    expect(page.locator(".tools")).to_be_visible()  # the script shows them
    return draft


def test_what_is_typed_is_previewed_saved_and_published(page: Page, live_site: Site) -> None:
    live_site.restart()  # terms hang on content types, and the tests before this one made those anew
    draft = open_editor(page, live_site, body="## Done {#done}\n\nx")
    page.locator("#id_body").fill("## What we did\n\nWe *asked*.")
    expect(page.locator(".preview em")).to_have_text("asked")
    expect(page.locator("[data-live=parts]")).to_contain_text("What we did")
    expect(page.locator("#saved [data-when=saved]")).to_be_visible()
    draft.refresh_from_db()
    assert draft.body == "## What we did {#done}\n\nWe *asked*."
    page.get_by_label("Topics").fill("Trust")
    page.keyboard.press("Enter")
    expect(page.locator("chips-field .chip", has_text="Trust")).to_be_visible()
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("h2#done")).to_have_text("What we did")
    expect(page.get_by_text("not yet reviewed")).to_be_visible()
    edition = Edition.objects.get()
    assert [term.name for term in edition.guide.terms.all()] == ["Trust"]


def test_a_name_with_a_comma_is_one_chip_whether_shown_typed_or_chosen(page: Page, live_site: Site) -> None:
    live_site.restart()
    publish(topics=("Asking, and research", "Money, lent", "Trust"))
    draft = open_editor(page, live_site)
    chips = page.locator("chips-field", has=page.get_by_label("Topics")).locator(".chip")
    page.get_by_label("Topics").press_sequentially("asking, and research")
    page.keyboard.press("Enter")
    expect(chips).to_have_count(1)
    page.get_by_label("Topics").press_sequentially("Banks,")  # no name goes on like this: the comma ends it
    expect(chips).to_have_count(2)
    page.get_by_label("Topics").fill('"Schools, and teachers"')
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")  # back to where it was typed, still one
    page.keyboard.press("Enter")
    expect(chips).to_have_count(3)
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.goto(f"{live_site.url}/en/knowledge/{draft.edition.guide_id}/edit/en/")
    expect(chips).to_contain_text(["asking, and research", "Banks", "Schools, and teachers"])


def test_words_typed_without_a_connection_are_offered_again(page: Page, live_site: Site) -> None:
    draft = open_editor(page, live_site)
    page.context.set_offline(True)
    page.locator("#id_body").fill("typed in a tunnel")
    expect(page.locator("#saved [data-when=away]")).to_be_visible()
    page.context.set_offline(False)
    page.goto("about:blank")  # the tab is closed before it can save
    Draft.objects.filter(pk=draft.pk).update(body="", version=draft.version + 1)
    page.goto(f"{live_site.url}/en/knowledge/{draft.edition.guide_id}/edit/en/")
    page.get_by_role("button", name="Use them").click()
    expect(page.locator("#id_body")).to_have_value("typed in a tunnel")
    expect(page.locator("#saved [data-when=saved]")).to_be_visible()
    draft.refresh_from_db()
    assert draft.body == "typed in a tunnel"


def test_a_second_window_is_told_of_the_first_and_both_texts_can_be_seen(page: Page, live_site: Site) -> None:
    draft = open_editor(page, live_site)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".tools")).to_be_visible()
    page.locator("#id_body").fill("first window")
    expect(page.locator("#saved [data-when=saved]")).to_be_visible()
    other.locator("#id_body").fill("second window")
    expect(other.locator("#saved [data-when=conflict]")).to_be_visible()
    other.locator(".bar").get_by_role("button", name="Save").click()
    other.get_by_text("The newer text", exact=True).first.click()
    expect(other.locator("#theirs")).to_have_value("Ask first\n\n\n\nfirst window")
    expect(other.locator("#id_body")).to_have_value("second window")
    draft.refresh_from_db()
    assert draft.body == "first window"


def test_a_session_that_ended_costs_no_words(page: Page, live_site: Site) -> None:
    draft = open_editor(page, live_site)
    page.context.clear_cookies()
    page.locator("#id_body").fill("an hour of work")
    expect(
        page.locator("#saved [data-when=out], #saved [data-when=away]").filter(visible=True)
    ).to_be_visible()
    page.goto("about:blank")
    sign_in(page, live_site, draft.person)
    page.goto(f"{live_site.url}/en/knowledge/{draft.edition.guide_id}/edit/en/")
    page.get_by_role("button", name="Use them").click()
    expect(page.locator("#id_body")).to_have_value("an hour of work")


def test_buttons_write_markdown_and_sources_are_cited_at_the_cursor(page: Page, live_site: Site) -> None:
    open_editor(page, live_site, body="money")
    page.locator("#id_body").focus()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Bold").click()
    page.locator("#id_body").press("End")
    page.locator("#cite").fill("EE-01")
    page.get_by_role("button", name="Cite").click()
    expect(page.locator("#id_body")).to_have_value("**money** [@EE-01]")


def test_s39_no_payload_runs_on_the_published_page(page: Page, live_site: Site) -> None:
    title = "Payloads <script>alert(1)</script>"
    revision = publish(title, "x")
    # As many as one text may hold (its brackets are counted); the rest follow in further versions of it.
    for start in range(0, len(CORPUS), 120):
        body = "\n\n".join(CORPUS[start : start + 120])
        revision = publish_again(revision, title, body)
        edition = Edition.objects.get()
        page.goto(f"{live_site.url}/en/knowledge/{edition.guide_id}-{edition.slug}/")
        assert (
            page.evaluate(
                "document.querySelectorAll('.prose script, .prose iframe, .prose [onerror]').length"
            )
            == 0
        )
        schemes = page.evaluate("[...document.querySelectorAll('.prose a[href]')].map(a => a.protocol)")
        assert set(schemes) <= {"http:", "https:", "mailto:"}

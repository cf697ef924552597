"""When the line is gone: pages say so, and a form is not sent into nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.site import PATIENCE, Site

LONG = "Сургагч нарын ажлыг хөдөөгийн ахмад настнуудад хэрхэн хүргэсэн бэ? " * 2
GONE = "The site does not answer, so nothing was sent."


@pytest.fixture
def context(chromium: Browser, live_site: Site) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live_site.url)
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A form in which somebody has written a good deal."""
    page = context.new_page()
    page.goto("/en/accounts/signup/", wait_until="networkidle")
    page.fill("[name=name]", "Сауле Ахметова")
    page.fill("[name=organisation]", LONG)
    page.fill("[name=email]", "saule@example.org")
    for name in ("password1", "password2"):
        page.fill(f"[name={name}]", "kolm karu ja mesi")
    return page


def test_a_strip_says_that_the_line_is_gone_and_goes_when_it_is_back(
    context: BrowserContext, page: Page
) -> None:
    strip = page.get_by_text("No connection. This page stays as it is")
    expect(strip).to_have_count(0)
    context.set_offline(True)
    expect(strip).to_be_visible()
    context.set_offline(False)
    expect(strip).to_have_count(0)


def test_what_is_sent_without_a_line_stays_in_the_form_and_goes_later(
    context: BrowserContext, page: Page
) -> None:
    send = page.locator("form.form .btn.main")
    context.set_offline(True)
    send.click()
    notice = page.get_by_text(GONE)
    expect(notice).to_be_visible()
    expect(page.locator("form > [data-offline]")).to_be_focused()
    send.click()
    expect(page.locator("form > [data-offline]")).to_have_count(1)
    expect(page.locator("[name=organisation]")).to_have_value(LONG)
    assert not User.objects.exists()
    context.set_offline(False)
    expect(notice).to_have_count(0)
    send.click()
    page.wait_for_url("**/confirm-email/")
    assert User.objects.get().name == "Сауле Ахметова"


def test_a_line_that_only_seems_to_be_there_is_found_out_before_long_words_are_sent(
    page: Page, live_site: Site
) -> None:
    live_site.stop()
    try:
        page.locator("form.form .btn.main").click()
        expect(page.get_by_text(GONE)).to_be_visible()
        expect(page.locator("[name=organisation]")).to_have_value(LONG)
    finally:
        live_site.start()
    page.locator("form.form .btn.main").click()  # nobody asks a second time
    page.wait_for_url("**/confirm-email/")
    assert User.objects.count() == 1


def test_a_short_form_is_sent_at_once(context: BrowserContext, live_site: Site) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/en/accounts/login/", wait_until="networkidle")
    page.fill("[name=login]", "nobody@example.org")
    page.fill("[name=password]", "kolm karu ja mesi")
    page.locator("form.form .btn.main").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    assert not [url for url in asked if url.endswith("/healthz")]

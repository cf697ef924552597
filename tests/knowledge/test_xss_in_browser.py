"""S39: what the renderer lets through, in a real browser without our policy, which would stop what came through."""

import contextlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from knowledge.markdown import TooComplex, render
from tests.knowledge.test_xss import CORPUS

ran: list[str] = []
HARMLESS = {"http:", "https:", "mailto:", "nowhere"}
LEADS = """[...document.querySelectorAll("a[href]")].map(a => {
  try { return new URL(a.getAttribute("href"), "https://site.example/").protocol } catch { return "nowhere" }
})"""
FOREIGN = "script, iframe, object, embed, style, svg, form, input, base, link, meta:not([charset])"
HANDLERS = "[...document.body.querySelectorAll('*')].filter(e => e.getAttributeNames().some(n => n.startsWith('on')))"

# Without shrinking: a browser is slow, and the payload says enough.
MUTATED = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    ran.clear()
    yield page
    context.close()


def show(page: Page, html: str) -> None:
    page.set_content(f'<!doctype html><meta charset="utf-8"><body>{html}')
    page.evaluate("() => new Promise(done => setTimeout(done, 30))")


def assert_nothing_runs(page: Page, source: str) -> None:
    with contextlib.suppress(TooComplex):
        show(page, render(source, known={"x"}).html)
        assert page.evaluate(f"document.body.querySelectorAll('{FOREIGN}').length") == 0
        assert page.evaluate(f"{HANDLERS}.length") == 0
        leads = page.evaluate(LEADS)
        assert set(leads) <= HARMLESS
        page.evaluate(
            "document.querySelectorAll('a[href]').forEach(a => a.dispatchEvent(new Event('mouseover')))"
        )
    assert ran == []


def test_s39_the_check_would_notice_a_payload_that_ran(page: Page) -> None:
    show(page, "<img src=x onerror=alert(1)>")
    for _ in range(200):
        if ran:
            break
        page.wait_for_timeout(50)
    assert ran == ["1"]


def test_s39_nothing_of_the_corpus_runs_in_a_browser(page: Page) -> None:
    for start in range(0, len(CORPUS), 60):
        assert_nothing_runs(page, "\n\n".join(CORPUS[start : start + 60]))


@MUTATED
@given(
    st.lists(
        st.tuples(st.sampled_from(CORPUS), st.integers(0, 60), st.text(max_size=6)), min_size=8, max_size=8
    )
)
def test_s39_nor_does_any_of_two_hundred_mutations(page: Page, payloads: list[tuple[str, int, str]]) -> None:
    assert_nothing_runs(page, "\n\n".join(text[:at] + noise + text[at:] for text, at, noise in payloads))

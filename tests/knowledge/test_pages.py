"""The texts of the site's own pages: the same in four languages, and true to the buttons and keys there are."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import override

from accounts.languages import INTERFACE
from knowledge.headed import Wrong, read_headed
from knowledge.markdown import render
from knowledge.pages import BLANK, FOLDER, KEYS, ROLES, Page, read_pages

ROOT = Path(__file__).resolve().parents[2]
PAGES = {(page.key, page.language): page for page in read_pages()}
HEADING = re.compile(r"^## .+? \{#([a-z]+)\}$", re.MULTILINE)
MARKED = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)")
CODE = re.compile(r"`([^`]+)`")
# Keys of the keyboard itself, which no table of ours holds.
PLAIN_KEYS = {"Shift", "Esc", "Ctrl", "Enter", "Tab", "Space"}

each_page = pytest.mark.parametrize("page", PAGES.values(), ids=[f"{key}.{code}" for key, code in PAGES])


def words_of_the_interface(language: str) -> set[str]:
    """Everything the interface says in this language; English is what stands in the source."""
    po = ROOT / "site" / "locale" / (language if language != "en" else "et") / "LC_MESSAGES" / "django.po"
    said: set[str] = set()
    for message in read_po(io.BytesIO(po.read_bytes())):
        texts = message.id if language == "en" else message.string
        said |= {texts} if isinstance(texts, str) else set(texts)
    return said - {""}


SAID = {language: words_of_the_interface(language) for language in INTERFACE}


def keys_of_the_console() -> set[str]:
    """The letters keys.js acts on: those with a function of their own, and those that press a row's button."""
    script = (ROOT / "site/static/js/live/keys.js").read_text(encoding="utf-8")
    table = script[script.index("const act = {") : script.index("event.preventDefault();\n    act();")]
    named = re.findall(r'^\s+"?([a-z?])"?: \(\) =>', table, re.MULTILINE)
    buttons = re.search(r"\^\[([a-z]+)\]\$", table)
    assert buttons is not None
    assert len(named) > 3
    return {key.upper() for key in (*named, *buttons[1])}


def test_every_page_is_there_in_every_language_and_nothing_else_is() -> None:
    assert set(PAGES) == {(key, language) for key in KEYS for language in INTERFACE}
    assert {path.name for path in FOLDER.iterdir()} == {f"{key}.{code}.md" for key, code in PAGES}


@pytest.mark.parametrize("key", KEYS)
def test_a_page_has_the_same_sections_and_blanks_in_every_language(key: str) -> None:
    original = PAGES[key, "en"]
    sections = HEADING.findall(original.body)
    assert len(sections) >= 5
    assert len(set(sections)) == len(sections) == original.body.count("\n## ") + 1
    for language in INTERFACE:
        body = PAGES[key, language].body
        assert HEADING.findall(body) == sections
        assert sorted(BLANK.findall(body)) == sorted(BLANK.findall(original.body))
        # Nothing that is said in a list or a table is left out elsewhere.
        for shape in (r"^- ", r"^\d\. ", r"^\|"):
            assert len(re.findall(shape, body, re.M)) == len(re.findall(shape, original.body, re.M)), language
        assert sorted(CODE.findall(own_words_out(body))) == sorted(CODE.findall(own_words_out(original.body)))


def own_words_out(body: str) -> str:
    """Without the one sign that is written differently in each language: how a judgement begins."""
    return re.sub(r"`\*\w+:\*`", "", body)


@each_page
def test_it_has_a_title_a_summary_and_words_under_every_heading(page: Page) -> None:
    assert 0 < len(page.title) <= 60
    assert 0 < len(page.summary) <= 200
    rendered = render(page.body, language=page.language)
    assert [entry["id"] for entry in rendered.toc] == HEADING.findall(page.body)
    assert all(len(part.split()) > 6 for part in re.split(r"^## .+$", page.body, flags=re.MULTILINE)[1:])
    assert 250 < rendered.words < 1800
    assert "unknown" not in rendered.html


@each_page
def test_every_word_in_bold_is_a_word_of_the_interface_in_that_language(page: Page) -> None:
    marked = set(MARKED.findall(page.body))
    assert marked
    assert marked - SAID[page.language] == set()
    assert "Press this and nothing happens" not in SAID[page.language]


@pytest.mark.parametrize("language", INTERFACE)
def test_the_moderators_page_names_every_key_of_the_console_and_no_other(language: str) -> None:
    page = PAGES["moderator", language]
    named = set(CODE.findall(page.body)) - PLAIN_KEYS
    assert named == keys_of_the_console()
    assert keys_of_the_console() >= {"P", "R", "D", "N", "F", "A", "U", "?"}


@each_page
def test_every_link_leads_to_a_page_of_this_site_in_the_same_language(page: Page) -> None:
    links = LINK.findall(page.body)
    for link in links:
        assert link.startswith(f"/{page.language}/"), link
        try:
            with override(page.language):
                found = resolve(link)
        except Resolver404:
            pytest.fail(f"{page.key}.{page.language}: there is no {link}")
        if found.url_name == "help_page":
            assert found.kwargs["key"] in KEYS


@each_page
def test_it_is_set_as_its_language_sets_it(page: Page) -> None:
    text = re.sub(r"`[^`]*`|\*\*.+?\*\*", "–", page.body)
    foreign = {"en": "«»„", "et": "«»", "uk": "“”", "mn": "«»„"}[page.language]
    assert not set(foreign) & set(text)
    assert "  " not in re.sub(r"\n *", "\n", text)
    if page.language in ("uk", "mn"):
        assert not re.search(r"[A-Za-z][а-яіїєґөүё]|[а-яіїєґөүё][A-Za-z]", text)
    if page.language == "uk":
        assert "'" not in text


def test_help_for_a_part_says_what_to_do_on_a_bad_line() -> None:
    live = set(ROLES) - {"administrator", "host"}
    assert {key for key in live if "line" not in HEADING.findall(PAGES[key, "en"].body)} == set()


def test_privacy_names_every_cookie_the_site_can_set() -> None:
    ours = {"sessionid", "csrftoken", "reads", "messages"}
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= ours
    source = "".join(path.read_text() for app in ("accounts", "webinars", "knowledge", "site/config")
                     for path in (ROOT / app).rglob("*.py"))  # fmt: skip
    set_by_us = set(re.findall(r"set_cookie\(\s*(\w+)", source))
    assert set_by_us == {"READS_COOKIE"}  # a new one belongs into the table below
    for language in INTERFACE:
        rows = re.findall(r"^\| `(\w+)` \|", PAGES["privacy", language].body, re.MULTILINE)
        assert set(rows) == ours


def test_a_file_without_a_head_is_named(tmp_path: Path) -> None:
    for text in ("No head at all.\n", "---\ntitle: One\n", "---\ntitle\n---\nWords.\n"):
        (tmp_path / "host.en.md").write_text(text)
        with pytest.raises(Wrong, match=r"host\.en\.md"):
            read_headed(tmp_path / "host.en.md")

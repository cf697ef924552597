"""The look holds its promises: contrast, icons, strict templates, weights, licences."""

import re
from pathlib import Path

import pytest
from django import template
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from config import context
from config.templatetags import icons, look

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "site" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
MODES = ("light", "dark")


def tokens() -> dict[str, dict[str, str]]:
    """Every colour of tokens.css by mode, as #rrggbb."""
    text = (STATIC / "css" / "tokens.css").read_text()
    pairs = re.findall(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", text)
    assert len(pairs) > 15
    return {mode: {name: values[i] for name, *values in pairs} for i, mode in enumerate(MODES)}


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two #rrggbb colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


WORDS = [
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-faint") for ground in ("paper", "card", "sunk")),
    *((ink, wash) for ink in ("ink", "ink-soft") for wash in ("sky-wash", "live-wash", "done-wash", "steppe-wash")),
    ("sky", "paper"), ("sky", "card"), ("sky", "sunk"), ("sky", "sky-wash"), ("sky", "live-wash"),
    ("sky-strong", "sky-wash"), ("sky-strong", "card"), ("on-sky", "sky"), ("on-live", "live"),
    ("steppe", "steppe-wash"), ("steppe", "card"), ("steppe", "paper"),
    ("live", "live-wash"), ("live", "card"), ("live", "paper"), ("live", "sunk"),
    ("done", "done-wash"), ("done", "card"), ("paper", "ink"),
]  # fmt: skip
EDGES = [
    *(("edge", ground) for ground in ("paper", "card", "sunk")),
    *(("sky", ground) for ground in ("paper", "card", "sunk", "sky-wash")),
    ("live", "card"), ("done", "card"), ("done", "done-wash"), ("steppe", "steppe-wash"),
]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
def test_words_stand_out_from_what_they_are_written_on(mode: str) -> None:
    colours = tokens()[mode]
    weak = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in WORDS}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


def written_on() -> dict[tuple[str, str], str]:
    """Every (words, ground) that one rule of a sheet sets together, and where."""
    found = {}
    for sheet in SHEETS:
        for rule, body in re.findall(r"([^{};]+)\{([^{}]*)\}", sheet.read_text()):
            said = dict(
                re.findall(
                    r"(?<![\w-])(color|background|background-color):\s*var\(--([a-z-]+)\)\s*(?:;|$)", body
                )
            )
            ground = said.get("background") or said.get("background-color")
            if ground and "color" in said:
                found[said["color"], ground] = f"{sheet.name}: {rule.strip()}"
    return found


@pytest.mark.parametrize("mode", MODES)
def test_a_rule_that_sets_words_on_a_ground_sets_them_apart(mode: str) -> None:
    colours, pairs = tokens()[mode], written_on()
    weak = {
        where: round(contrast(colours[words], colours[ground]), 2)
        for (words, ground), where in pairs.items()
        if words in colours and ground in colours
    }
    assert len(weak) > 8
    assert {where: value for where, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("mode", MODES)
def test_edges_of_what_one_presses_are_seen(mode: str) -> None:
    colours = tokens()[mode]
    weak = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in EDGES}
    assert {pair: value for pair, value in weak.items() if value < 3} == {}


def test_a_browser_without_light_dark_gets_the_light_side() -> None:
    plain = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", (STATIC / "css" / "tokens.css").read_text()))
    assert {name: plain.get(name) for name in tokens()["light"]} == tokens()["light"]


@pytest.mark.parametrize("sheet", ["join.css", "text-room.css"])
def test_the_small_pages_use_the_colours_of_the_big_ones(sheet: str) -> None:
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))
        for block in re.findall(r":root \{(.*?)\}", (STATIC / "css" / sheet).read_text())
    )
    names = {"soft": "ink-soft", "wash": "sky-wash", "warn": "steppe-wash"}
    for mode, colours in zip(MODES, (light, dark), strict=True):
        for name, colour in colours.items():
            full = colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])
            assert full == tokens()[mode][names.get(name, name)], (mode, name)


def test_every_token_a_sheet_uses_is_said_somewhere() -> None:
    said = {name for sheet in SHEETS for name in re.findall(r"(--[a-z0-9-]+)\s*:", sheet.read_text())}
    used = {name for sheet in SHEETS for name in re.findall(r"var\((--[a-z0-9-]+)\)", sheet.read_text())}
    assert used - said == set()


def test_a_sheet_has_balanced_braces_and_no_important_but_the_named_ones() -> None:
    for sheet in SHEETS:
        text = sheet.read_text()
        assert text.count("{") == text.count("}"), sheet.name
        loud = [line for line in text.splitlines() if "!important" in line]
        assert all("[hidden]" in line or "[aria-invalid" in line for line in loud), sheet.name
        assert "@import" not in text, sheet.name
        assert "http" not in text.replace('[href^="http"]', ""), sheet.name


# --- templates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_keeps_the_strict_policy(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"<[^>]*\sstyle=", text) == []
    assert re.findall(r"<[^>]*\son[a-z]+=", text) == []
    assert re.findall(r"<style", text) == []
    assert re.findall(r"javascript:", text) == []
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S)
    assert [body for attributes, body in scripts if body.strip()] == []
    assert [attributes for attributes, body in scripts if "src=" not in attributes] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_names_only_icons_and_sheets_that_exist(path: Path) -> None:
    text = path.read_text()
    asked = set(re.findall(r"""\{%\s*icon\s+["']([^"']+)["']""", text))
    assert asked - icons.names() == set()
    sheets = {
        name for tag in re.findall(r"\{%\s*css\s+(.*?)%\}", text) for name in re.findall(r'"([^"]+)"', tag)
    }
    assert sheets - {sheet.stem for sheet in SHEETS} == set()


def test_an_unknown_icon_stops_the_page() -> None:
    with pytest.raises(template.TemplateSyntaxError, match="unicorn"):
        Template('{% load icons %}{% icon "unicorn" %}').render(Context())


def test_an_icon_is_decoration_drawn_from_the_sprite() -> None:
    drawn = Template('{% load icons %}{% icon "search" "full" %}').render(Context())
    for part in ('class="ic full"', 'aria-hidden="true"', "img/icons.svg#search"):
        assert part in drawn


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/en/knowledge/3-libraries/?page=2", "/mn/knowledge/3-libraries/?page=2"),
        ("/uk/", "/mn/"),
        ("/en", "/mn/"),
        ("/ukulele/", "/mn/ukulele/"),
        ("/", "/mn/"),
    ],
)
def test_the_language_menu_leads_to_this_very_page(address: str, there: str) -> None:
    with translation.override("en"):
        links = look.language_links({"request": RequestFactory().get(address)})
    assert [link.code for link in links] == ["en", "et", "uk", "mn"]
    assert [link.current for link in links] == [True, False, False, False]
    assert links[3].url == there
    assert links[3].name == "Монгол"


def test_a_visitor_without_a_session_wakes_none() -> None:
    request = RequestFactory().get("/en/")
    request.user = SimpleLazyObject(lambda: pytest.fail("the session was asked"))
    assert context.site(request)["person"] is None
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    with pytest.raises(pytest.fail.Exception):
        context.site(request)


def test_a_page_says_times_its_browser_has_no_words_for() -> None:
    with translation.override("mn"):
        words = dict(look.time_words())
    assert words["Europe/Kiev"] == words["Europe/Kyiv"] == "Киев"
    assert words["dates"].split("|")[11] == "12-р сарын {day}"
    assert words["weekdays"].split("|")[3] == "пүрэв"
    assert words["day in"] == "{n} өдрийн дараа"
    assert words["shift"] == "1 өдөр|2 өдөр"
    with translation.override("en"):
        assert ("Asia/Hovd", "Khovd") in look.time_words()
        assert "weekdays" not in dict(look.time_words())


# --- weights and licences --------------------------------------------------------------------------------


def weight(*patterns: str) -> int:
    return sum(path.stat().st_size for pattern in patterns for path in (STATIC / "fonts").glob(pattern))


def test_fonts_keep_to_their_budget() -> None:
    assert 20_000 < weight("onest-*.woff2") <= 45_000
    assert weight("literata-latin*.woff2", "literata-cyrillic*.woff2") <= 60_000
    assert weight("literata-italic-*.woff2") <= 60_000


def test_every_letter_of_the_four_languages_has_a_shape() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    letters = (
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÄÖÕÜŠŽäöõüšž"
        "АБВГҐДЕЄЁЖЗИІЇЙКЛМНОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯабвгґдеєёжзиіїйклмноөпрстуүфхцчшщъыьэюя"
        "0123456789.,:;!?%&()/«»„“”‘’ʼ–—…€№·×"
    )
    for family in ("onest", "literata", "literata-italic"):
        has: set[int] = set()
        for part in ("latin", "latin-ext", "cyrillic", "cyrillic-ext"):
            with ttlib.TTFont(STATIC / "fonts" / f"{family}-{part}.woff2") as font:
                has |= set(font.getBestCmap())
        assert {letter for letter in letters if ord(letter) not in has} == set(), family


def test_the_small_pages_are_small() -> None:
    assert (STATIC / "css" / "join.css").stat().st_size <= 6_000
    assert (STATIC / "css" / "text-room.css").stat().st_size <= 9_000
    for sheet in ("join.css", "text-room.css"):
        assert "url(" not in (STATIC / "css" / sheet).read_text()


def test_what_others_made_says_its_version_and_its_licence() -> None:
    listed = (STATIC / "vendor" / "README.md").read_text()
    for name, version, licence in (
        ("lucide-static", "1.62.0", "vendor/LICENSE-lucide.txt"),
        ("@fontsource-variable/onest", "5.3.1", "fonts/OFL-onest.txt"),
        ("@fontsource-variable/literata", "5.3.0", "fonts/OFL-literata.txt"),
    ):
        for said in (name, version, Path(licence).name):
            assert said in listed
        assert (STATIC / licence).stat().st_size > 500
    others = {path.name for path in (STATIC / "vendor").iterdir() if path.is_file()} - {"README.md"}
    assert {name for name in others if name not in listed} == set()


def test_the_token_comes_when_asked_and_is_kept_by_nobody(client: Client) -> None:
    answer = client.get("/token/")
    assert len(answer.json()["token"]) == 64
    assert "csrftoken" in answer.cookies
    assert "no-store" in answer["Cache-Control"]

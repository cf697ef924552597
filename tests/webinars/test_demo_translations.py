"""A guide says the same in every language it is there in: parts, sources, figures, judgements."""

import re

import pytest

from tests.webinars.figures import figures
from webinars.demo.content import load
from webinars.demo.guides import linked, section_ids
from webinars.demo.shapes import Edition, Guide

DEMO = load()
INTERFACE = {"en", "et", "uk", "mn"}
JUDGEMENT = {"en": "*Assessment:*", "et": "*Hinnang:*", "uk": "*Оцінка:*", "mn": "*Үнэлгээ:*"}
ARITHMETIC = {"en": "*Arithmetic:*", "et": "*Arvutus:*", "uk": "*Обчислення:*", "mn": "*Тооцоо:*"}
TRANSLATIONS = [
    pytest.param(guide, guide.editions[guide.original], edition, id=f"{guide.key}.{edition.lang}")
    for guide in DEMO.guides.values()
    for edition in guide.editions.values()
    if edition.lang != guide.original
]
every_translation = pytest.mark.parametrize(("guide", "original", "edition"), TRANSLATIONS)


def parts(edition: Edition) -> dict[str, str]:
    """The text of each part of the guide, by the id of its heading."""
    texts = re.split(r"^## .+$", edition.body, flags=re.MULTILINE)
    assert not texts[0].strip()
    return dict(zip(section_ids(edition.body), texts[1:], strict=True))


def citations(text: str) -> list[str]:
    return re.findall(r"\[@[^\]]+\]", text)


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("|")]


def marks(text: str, lang: str) -> list[str]:
    """The kinds of the paragraphs and sentences that are ours and not a source's, in their order."""
    kinds = {JUDGEMENT[lang]: "judgement", ARITHMETIC[lang]: "arithmetic"}
    return [kinds[found] for found in re.findall("|".join(map(re.escape, kinds)), text)]


@pytest.mark.parametrize("key", ["L01", "L03", "L08", "L09", "L10", "L18"])
def test_the_lessons_everybody_should_be_able_to_read_are_there_in_four_languages(key: str) -> None:
    assert set(DEMO.guides[key].editions) == INTERFACE


@every_translation
def test_a_translation_names_what_it_was_translated_from(
    guide: Guide, original: Edition, edition: Edition
) -> None:
    assert edition.translated_from == original.lang == guide.original


@every_translation
def test_a_translation_has_the_same_parts_in_the_same_order(
    guide: Guide, original: Edition, edition: Edition
) -> None:
    assert section_ids(edition.body) == section_ids(original.body)


@every_translation
def test_each_part_cites_the_same_sources_in_the_same_order(
    guide: Guide, original: Edition, edition: Edition
) -> None:
    ours, theirs = parts(original), parts(edition)
    for part, text in ours.items():
        assert citations(theirs[part]) == citations(text), part


@every_translation
def test_each_part_gives_the_same_figures(guide: Guide, original: Edition, edition: Edition) -> None:
    ours, theirs = parts(original), parts(edition)
    for part, text in ours.items():
        assert figures(theirs[part], edition.lang) == figures(text, original.lang), part
    assert figures(edition.title, edition.lang) == figures(original.title, original.lang)
    assert figures(edition.summary, edition.lang) == figures(original.summary, original.lang)


@every_translation
def test_each_row_of_a_table_is_the_same_row(guide: Guide, original: Edition, edition: Edition) -> None:
    ours, theirs = rows(original.body), rows(edition.body)
    for one, two in zip(ours, theirs, strict=True):
        assert two.count("|") == one.count("|"), two
        assert citations(two) == citations(one), two
        assert figures(two, edition.lang) == figures(one, original.lang), two


@every_translation
def test_each_part_marks_the_same_judgements_and_arithmetic(
    guide: Guide, original: Edition, edition: Edition
) -> None:
    ours, theirs = parts(original), parts(edition)
    for part, text in ours.items():
        assert marks(theirs[part], edition.lang) == marks(text, original.lang), part


@every_translation
def test_a_translation_leads_to_the_same_guides(guide: Guide, original: Edition, edition: Edition) -> None:
    ours, theirs = parts(original), parts(edition)
    for part, text in ours.items():
        assert linked(theirs[part]) == linked(text), part


@every_translation
def test_a_translation_uses_its_own_quotation_marks(
    guide: Guide, original: Edition, edition: Edition
) -> None:
    text = f"{edition.title}\n{edition.summary}\n{edition.body}"
    own = {"et": "„“", "uk": "«»", "mn": "“”"}[edition.lang]
    assert set(re.findall(r"[\"„“”«»]", text)) <= set(own)
    opening, closing = own
    assert text.count(opening) == text.count(closing)


def test_a_changed_figure_would_be_noticed() -> None:
    english = figures("102,697 (4.8 of five), 0.5 million in 2003", "en")
    assert english == {"102697": 1, "4.8": 1, "0.5": 1, "2003": 1}
    assert figures("2003. aastal 0,5 miljonit; 102\u00a0697 (4,8 viiest)", "et") == english
    assert figures("0,5\u00a0млн у 2003 році; 102\u202f697 (4,8 з п’яти)", "uk") == english
    assert figures("2003 онд 0.5 сая; 102,697 (таваас 4.8)", "mn") == english
    assert figures("102\u00a0679", "et") != figures("102,697", "en")
    assert figures("4,8", "mn") != figures("4.8", "en")

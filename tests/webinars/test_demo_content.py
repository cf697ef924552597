"""The demo says only what it can show: sources, figures, judgements marked, nobody the article leaves out."""

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from knowledge.markdown import mint_ids, render
from tests.webinars.figures import figures
from webinars.demo.content import HERE, load
from webinars.demo.guides import SECTIONS, cited, link, linked, read_guides, section_ids
from webinars.demo.rows import Row, Wrong
from webinars.demo.shapes import Edition, Guide, Words

DEMO = load()
INTERFACE = ("en", "et", "uk", "mn")
LESSONS = {key: guide for key, guide in DEMO.guides.items() if guide.kind == "lesson"}
ALL_EDITIONS = [(guide, edition) for guide in DEMO.guides.values() for edition in guide.editions.values()]
EDITIONS = [(guide, edition) for guide, edition in ALL_EDITIONS if guide.kind == "lesson"]
EXAMPLES = [*DEMO.questions, *DEMO.opinions]
JUDGEMENT = {"en": "*Assessment:*", "et": "*Hinnang:*", "uk": "*Оцінка:*", "mn": "*Үнэлгээ:*"}

# Dates are no figures: they may stand without a source of their own.
NO_FIGURE = re.compile(
    r"(?:\b\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{4})?|\b(?:19|20)\d\d(?:[–/](?:\d{4}|\d\d))?\b"
)

# The seven people the article of 2020 names, as it prints them.
NAMED = {
    "N.Uchral",
    "B.Bolor-Erdene",
    "J.Tamir",
    "U.Tamir",
    "Hannes Astok",
    "Catherine Pagmai",
    "Valeriya Ionan",
}


def whole(edition: Edition) -> str:
    return f"{edition.title}\n{edition.summary}\n{edition.body}"


def words_everywhere() -> list[Words]:
    """Every text the demo has in several languages."""
    found: list[Words] = [
        row.names for row in (*DEMO.terms.values(), *DEMO.places.values(), *DEMO.series.values())
    ]
    for event in DEMO.events.values():
        found += [event.title, event.description]
        found += [words for words in (event.label, event.unknown, event.lessons_note) if words]
        found += [item.names for item in event.agenda]
        found += [person.said for person in event.people if person.said]
        found += [person.names for person in event.people if event.example]
        for commitment in event.commitments:
            found += [commitment.text, commitment.institution, commitment.due_text]
            found += [news.text for news in commitment.history]
    return found


def test_the_lessons_that_were_asked_for_are_here() -> None:
    assert list(LESSONS) == [f"L{number:02}" for number in range(1, 19)]
    assert [guide.kind for guide in DEMO.guides.values() if guide.kind != "lesson"] == 6 * ["howto"] + [
        "page"
    ]
    assert all("en" in guide.editions for guide in DEMO.guides.values())


@pytest.mark.parametrize(("lesson", "edition"), EDITIONS)
def test_a_lesson_has_every_part_of_the_template_in_its_order(lesson: Guide, edition: Edition) -> None:
    assert section_ids(edition.body) == SECTIONS
    parts = re.split(r"^## .+$", edition.body, flags=re.MULTILINE)[1:]
    assert all(len(part.strip()) > 10 for part in parts)


@pytest.mark.parametrize(("guide", "edition"), ALL_EDITIONS)
def test_a_guide_cites_exactly_the_sources_it_names(guide: Guide, edition: Edition) -> None:
    assert cited(edition.body) == set(guide.sources)
    assert set(guide.sources) <= set(DEMO.sources)


def in_english() -> list[tuple[Guide, Edition]]:
    """The others say the same: tests below compare their figures and citations with the English ones."""
    return [(guide, edition) for guide, edition in ALL_EDITIONS if edition.lang == "en"]


@pytest.mark.parametrize(("guide", "edition"), in_english())
def test_every_figure_stands_beside_its_source(guide: Guide, edition: Edition) -> None:
    for block in edition.body.split("\n\n"):
        if block.startswith(("## ", JUDGEMENT["en"])):
            continue
        lines = block.splitlines()[2:] if block.startswith("|") else [block]
        for line in lines:
            assert cited(line) or not figures(NO_FIGURE.sub(" ", line), "en"), line


def test_a_figure_without_a_source_would_be_noticed() -> None:
    assert figures(NO_FIGURE.sub(" ", "In 2011 there were 35 clubs."), "en") == Counter(["35"])
    assert not figures(
        NO_FIGURE.sub(" ", "From 30 August 2017 to April 2018, in 2009/10 and 2024–2025"), "en"
    )


@pytest.mark.parametrize(("guide", "edition"), ALL_EDITIONS)
def test_a_guide_can_be_laid_out_with_all_its_sources_known(guide: Guide, edition: Edition) -> None:
    rendered = render(mint_ids(edition.body, edition.lang), known=DEMO.sources, language=edition.lang)
    assert "unknown" not in rendered.html
    assert set(rendered.citations) == set(guide.sources)
    assert [entry["id"] for entry in rendered.toc] == list(section_ids(edition.body))
    assert rendered.html.count("<table>") == len(re.findall(r"^\|---", edition.body, flags=re.MULTILINE))
    assert rendered.html.count('class="assessment"') == edition.body.count(JUDGEMENT[edition.lang])


@pytest.mark.parametrize(("lesson", "edition"), EDITIONS)
def test_every_row_of_a_results_table_has_a_date_and_a_source(lesson: Guide, edition: Edition) -> None:
    results = edition.body.split("{#results}")[1].split("\n## ")[0]
    rows = [line for line in results.splitlines() if line.startswith("|")][2:]
    assert len(rows) >= 4
    for row in rows:
        *_, when, source = (cell.strip() for cell in row.strip("|").split("|"))
        assert when, row
        assert cited(source), row


@pytest.mark.parametrize(("lesson", "edition"), EDITIONS)
def test_what_a_lesson_says_of_other_places_is_marked_as_judgement(lesson: Guide, edition: Edition) -> None:
    assert edition.body.split("{#elsewhere}")[1].strip().startswith(JUDGEMENT[edition.lang])


def test_a_guide_leaves_no_mark_of_the_desk_behind() -> None:
    for _, edition in ALL_EDITIONS:
        assert not re.search(
            r"unsourced|leave out|word carefully|\(\?\)|\b[LHPS]\d\d?\b",
            re.sub(r"\((?:lesson|howto|page):[LHP]\d\d\)", "", whole(edition)),
        )


def test_guides_lead_only_to_guides_and_terms_that_exist() -> None:
    for guide, edition in ALL_EDITIONS:
        assert set(guide.related) | linked(edition.body) <= set(DEMO.guides)
        assert edition.body.count("](") == len(
            re.findall(r"\]\((?:lesson:L|howto:H|page:P)\d\d\)", edition.body)
        )
        assert guide.key not in guide.related
        for kind, slugs in (
            ("topic", guide.topics),
            ("target_group", guide.target_groups),
            ("partner", guide.partners),
        ):
            assert {DEMO.terms[slug].kind for slug in slugs} <= {kind}
            assert slugs or guide.kind != "lesson"


def test_a_link_to_a_guide_becomes_its_address_or_plain_words() -> None:
    body = "As told in [another lesson](lesson:L03)."
    assert (
        link(body, {"L03": "/en/knowledge/3-who-pays/"})
        == "As told in [another lesson](/en/knowledge/3-who-pays/)."
    )
    assert link(body, {}) == "As told in another lesson."


@pytest.mark.parametrize(
    ("folder", "name", "change"),
    [
        ("howtos", "L01.en.md", ("", "")),  # a lesson's key on a how-to
        ("lessons", "L01.en.md", ("partners:", "partner:")),
        ("lessons", "L01.en.md", ("topics: ", "period: 2002\ntopics: ")),
        ("lessons", "L01.en.md", ("countries: EE\n", "")),
    ],
)
def test_a_misplaced_guide_or_fact_is_an_error_not_a_silence(
    tmp_path: Path, folder: str, name: str, change: tuple[str, str]
) -> None:
    text = (HERE / "lessons" / "L01.en.md").read_text(encoding="utf-8")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / name).write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(Wrong, match=r"L01\.en\.md"):
        read_guides(tmp_path)


def test_every_term_is_used_and_every_source_is_cited() -> None:
    used = {
        slug
        for guide in DEMO.guides.values()
        for slug in (*guide.topics, *guide.target_groups, *guide.partners)
    }
    assert used == set(DEMO.terms)
    commitments = [commitment for event in DEMO.events.values() for commitment in event.commitments]
    needed = {key for guide in DEMO.guides.values() for key in guide.sources}
    needed |= {key for event in DEMO.events.values() for key in event.sources}
    needed |= {key for commitment in commitments for key in commitment.sources}
    needed |= {key for commitment in commitments for news in commitment.history for key in news.sources}
    assert needed == set(DEMO.sources)


def test_a_source_can_be_found_and_dated() -> None:
    for source in DEMO.sources.values():
        assert source.url.startswith(("http://", "https://"))
        assert source.publisher
        assert source.title.lang in ("en", "et", "uk", "mn", "ru", "pl", "lt", "hr")
        assert source.year.startswith(("19", "20", "n.d."))
        assert len(source.year) <= 40


def test_every_short_text_is_there_in_the_four_languages_of_the_interface() -> None:
    for words in words_everywhere():
        assert set(words.texts) == set(INTERFACE), words
        assert all(text == text.strip() for text in words.texts.values())


def test_cyrillic_and_latin_texts_are_in_the_language_they_say() -> None:
    cyrillic = re.compile(r"[а-яөүіїєґ]", re.IGNORECASE)
    for words in words_everywhere():
        assert cyrillic.search(words.texts["mn"]), words
        assert cyrillic.search(words.texts["uk"]), words
        assert not cyrillic.search(words.texts["en"] + words.texts["et"]), words
    for example in EXAMPLES:
        assert bool(cyrillic.search(example.said.text)) is (example.said.lang in ("uk", "mn")), example.key
        assert not re.search(r"[іїєґ]", example.said.text) or example.said.lang == "uk"


def test_no_text_uses_a_sign_the_fonts_do_not_have() -> None:
    assert not any("₮" in whole(edition) for _, edition in ALL_EDITIONS)
    assert not any("₮" in text for words in words_everywhere() for text in words.texts.values())


def test_the_archive_holds_the_article_and_nobody_else() -> None:
    archive = DEMO.events["2020-08-27"]
    assert archive.day is not None
    assert archive.day.isoformat() == "2020-08-27"
    assert archive.schedule is None
    assert not archive.example
    assert {str(person.names) for person in archive.people} == NAMED
    assert all(person.title and person.title.lang == "en" for person in archive.people)
    assert {person.key for person in archive.people if person.said} == {"uchral", "bolor-erdene"}
    assert len(archive.organisations) == 3
    # The article knows no agenda, no languages and no questions: so does the archive, and it says so.
    assert archive.agenda == ()
    assert archive.languages == ()
    assert archive.unknown is not None
    assert not [question for question in DEMO.questions if question.event == archive.key]


def test_the_promise_is_106_of_181_and_later_news_names_its_source() -> None:
    archive = DEMO.events["2020-08-27"]
    (promise,) = archive.commitments
    assert (promise.done, promise.total, promise.person, promise.sources) == (
        106,
        181,
        "uchral",
        ("MN-01", "MN-02"),
    )
    assert "middle of October" in str(promise.quote)
    assert "middle of October" in str(promise.due_text)
    assert all(news.sources and "MN-01" not in news.sources for news in promise.history)
    assert [news.when for news in promise.history] == sorted(news.when for news in promise.history)


def test_later_news_gives_the_same_figures_in_every_language() -> None:
    (promise,) = DEMO.events["2020-08-27"].commitments
    for news in promise.history:
        numbers = {
            lang: figures(re.sub(r"MN-\d\d", "", text), lang) for lang, text in news.text.texts.items()
        }
        assert len({frozenset(found.items()) for found in numbers.values()}) == 1, numbers


def test_everything_invented_says_that_it_is_an_example() -> None:
    for event in DEMO.events.values():
        assert event.example is (event.kind != "archive")
        if event.example:
            assert event.label is not None
            assert "example" in event.description.texts["en"]
    assert {question.event for question in DEMO.questions} <= {
        key for key, event in DEMO.events.items() if event.example
    }


def test_examples_name_no_person() -> None:
    surnames = [re.split(r"[ .]", name)[-1].lower() for name in NAMED]
    roles = {
        key
        for event in DEMO.events.values()
        if event.example
        for key in (person.key for person in event.people)
    }
    assert roles == {"speaker-ee", "speaker-ua", "speaker-mn", "host", "moderator", "language-desk"}
    for example in EXAMPLES:
        texts = [
            example.said.text,
            *example.renditions.values(),
            *DEMO.places[example.place].names.texts.values(),
        ]
        # "N.Uchral", "A. Tamm": an initial before a name; and anybody the article names.
        assert not any(re.search(r"\b[A-ZА-ЯӨҮІЇЄ]\. ?[A-ZА-ЯӨҮІЇЄ]\w", text) for text in texts), example.key
        assert not any(name in text.lower() for name in surnames for text in texts), example.key


def test_the_questions_show_every_state_and_four_languages() -> None:
    practice = [question for question in DEMO.questions if question.event == "practice"]
    assert len(practice) == 25
    assert len({question.key for question in DEMO.questions}) == 26
    assert Counter(question.state for question in practice) == {
        "published": 8,
        "answered": 5,
        "submitted": 5,
        "next": 2,
        "floor": 1,
        "promised": 1,
        "returned": 1,
        "declined": 1,
        "hidden": 1,
    }
    assert {question.said.lang for question in practice} == set(INTERFACE)
    assert [question.rank for question in practice if question.state == "next"] == [1, 2]


def test_each_state_carries_what_belongs_to_it() -> None:
    speakers = {person.key for person in DEMO.events["practice"].people if "speaker" in person.roles}
    for question in DEMO.questions:
        assert (question.reason is not None) is (question.state in ("returned", "declined", "hidden")), (
            question.key
        )
        assert (question.answer is not None) is (question.state == "answered"), question.key
        assert (question.promise_due_days is not None) is (question.state == "promised"), question.key
        assert (question.turn is not None) is (question.state in ("answered", "promised", "floor")), (
            question.key
        )
        assert question.addressed_to in (None, "EE", "UA", "MN")
        if question.state in ("submitted", "returned", "declined"):
            assert question.votes == 0, question.key
        if question.turn:
            assert question.turn.by in speakers
            assert (question.turn.ended_ago is None) is (question.state == "floor")
            assert question.turn.started_ago < question.ago


def test_turns_do_not_overlap() -> None:
    turns = [question.turn for question in DEMO.questions if question.turn]
    turns.sort(key=lambda turn: -turn.started_ago)
    for earlier, later in pairwise(turns):
        assert earlier.ended_ago is not None
        assert earlier.ended_ago >= later.started_ago


def test_a_gist_gives_no_figure_that_its_lesson_does_not_hold() -> None:
    for question in DEMO.questions:
        if question.answer is None:
            continue
        edition = DEMO.guides[question.answer.lesson].editions[question.answer.gist.lang]
        assert set(question.answer.sections) <= set(SECTIONS)
        assert figures(question.answer.gist.text, "en").keys() <= figures(edition.body, "en").keys()


def test_a_question_in_another_language_brings_its_english() -> None:
    for example in EXAMPLES:
        assert ("en" in example.renditions) is (example.said.lang != "en"), example.key


def test_the_webinar_to_come_is_about_a_month_ahead_at_the_same_hour_for_everybody() -> None:
    schedule = DEMO.events["upcoming"].schedule
    assert schedule is not None
    for now in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 30, 23, tzinfo=UTC)):
        starts = schedule.starts(now)
        assert 23 <= (starts - now).days <= 31
        assert (starts.strftime("%A"), starts.hour, str(starts.tzinfo)) == (
            "Thursday",
            16,
            "Asia/Ulaanbaatar",
        )


def test_a_misspelt_field_is_an_error_not_a_silence() -> None:
    row = Row({"key": "Q01", "vote": 3}, "questions.toml")
    assert row.text("key") == "Q01"
    with pytest.raises(Wrong, match=r"questions\.toml: nobody reads vote"):
        row.done()


@pytest.mark.parametrize(("guide", "edition"), ALL_EDITIONS)
def test_a_judgement_has_a_paragraph_of_its_own(guide: Guide, edition: Edition) -> None:
    """The page marks the whole paragraph that begins with the word: no claim of a source may stand in it."""
    mark = JUDGEMENT[edition.lang]
    paragraphs = [part for part in edition.body.split("\n\n") if mark in part]
    assert paragraphs or guide.kind != "lesson"
    for paragraph in paragraphs:
        assert paragraph.startswith(mark)
        assert not cited(paragraph), paragraph

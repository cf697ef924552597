"""What our Markdown makes of a text."""

import pytest

from knowledge.markdown import clean, mint_ids, render


def html(source: str, *known: str, language: str = "en") -> str:
    return render(source, known=known, language=language).html.replace("\n", "")


def test_headings_carry_their_ids_and_begin_at_the_second_level() -> None:
    made = html("# Done {#done}\n\n### Cost {#cost}\n\nx")
    assert made == '<h2 id="done">Done</h2><h3 id="cost">Cost</h3><p>x</p>'


def test_a_heading_with_nothing_under_it_is_not_shown() -> None:
    made = render("## Begun\n\nx\n\n## Open\n\n## Deep\n\n### Open too\n\n### Full\n\ny\n\n## Last")
    assert [line["title"] for line in made.toc] == ["Begun", "Deep", "Full"]
    assert "Open" not in made.html
    assert "Last" not in made.html


def test_a_preview_of_headings_without_ids_gets_unique_ones() -> None:
    made = html("## A\n\nx\n\n## A\n\ny")
    assert made == '<h2 id="section-1">A</h2><p>x</p><h2 id="section-2">A</h2><p>y</p>'


def test_citations_are_numbered_in_reading_order() -> None:
    rendered = render("- x [@EE-02]\n- y [@EE-01; @EE-02]", known={"EE-01", "EE-02"})
    assert rendered.citations == ["EE-02", "EE-01"]
    assert (
        '<a class="cite" href="#source-EE-01" title="EE-01">[2]</a> <a class="cite" href="#source-EE-02"'
        in rendered.html
    )


def test_an_unknown_source_is_shown_as_unknown() -> None:
    assert '<mark class="unknown">EE-99: unknown source</mark>' in html("x [@EE-99]")
    assert render("x [@EE-99]").citations == []


def test_a_footnote_may_cite() -> None:
    rendered = render("x[^1] [@B]\n\n[^1]: y [@A]", known={"A", "B"})
    assert rendered.citations == ["B", "A"]


@pytest.mark.parametrize("word", ["Assessment", "Hinnang", "Оцінка", "Үнэлгээ"])
def test_a_judgement_looks_like_one(word: str) -> None:
    assert html(f"*{word}:* it works") == f'<p class="assessment"><em>{word}:</em> it works</p>'
    assert html(f"- *{word}*: it works") == f'<ul><li class="assessment"><em>{word}</em>: it works</li></ul>'


def test_other_emphasis_is_no_judgement() -> None:
    assert html("*Assessment* was done; *note:* x") == "<p><em>Assessment</em> was done; <em>note:</em> x</p>"
    assert html("so *Assessment:* x") == "<p>so <em>Assessment:</em> x</p>"


def test_a_table_scrolls_in_a_named_region() -> None:
    made = html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert made.startswith('<div aria-label="Table" class="scroll-x" role="region" tabindex="0"><table>')
    assert '<td class="end">2</td>' in made
    assert "style" not in made


def test_links_to_elsewhere_give_nothing_away() -> None:
    assert 'rel="noopener noreferrer nofollow"' in html("[a](https://example.org/)")
    assert 'rel="noopener noreferrer nofollow"' in html("[a](//example.org/)")
    assert 'rel="noopener noreferrer nofollow"' in html("[a](/\\\\example.org/)")
    assert 'rel="noopener noreferrer nofollow"' in html("see https://example.org/page")
    assert "rel" not in html("[a](/en/webinars/)")


def test_pictures_from_elsewhere_become_links() -> None:
    made = html("![a map](https://example.org/x.png) ![ours](/media/x.png)")
    assert '<a href="https://example.org/x.png" rel="noopener noreferrer nofollow">a map</a>' in made
    assert '<img alt="ours" src="/media/x.png">' in made
    assert made.count("<img") == 1


def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert html("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"


def test_tasks_are_words_and_no_form_controls() -> None:
    made = html("- [x] call the library\n- [ ] *wait*")
    assert (
        '<li class="task"><span class="box done"><span class="vh">done</span></span> call the library</li>'
        in made
    )
    assert "<input" not in made


def test_code_stays_as_it_is() -> None:
    assert html("```\n<script> [@A] {#x}\n```") == "<pre><code>&lt;script&gt; [@A] {#x}</code></pre>"


def test_an_id_inside_a_sentence_is_only_text() -> None:
    assert html("so {#done}") == "<p>so {#done}</p>"


def test_quotation_marks_stay_as_typed() -> None:
    assert html("\"a\" 'b' -- c...") == "<p>\"a\" 'b' -- c...</p>"


def test_a_list_of_numbers_begins_where_it_says() -> None:
    assert '<ol start="3">' in html("3. three\n4. four")


def test_a_year_at_the_beginning_of_a_paragraph_is_no_list() -> None:
    assert (
        html("2001. aasta märtsis algas töö.\n\nJa siis.")
        == "<p>2001. aasta märtsis algas töö.</p><p>Ja siis.</p>"
    )
    assert html("- üks\n\n1. kaks") == "<ul><li>üks</li></ul><ol><li>kaks</li></ol>"


def test_the_plain_text_is_cut_by_the_contents_list() -> None:
    rendered = render(
        mint_ids("intro [@A].\n\n## Done\n\nfirst\n\n- a\n- b\n\n## Cost\n\n1 | 2"), known={"A"}
    )
    assert [(entry["id"], entry["title"], entry["level"]) for entry in rendered.toc] == [
        ("done", "Done", 2),
        ("cost", "Cost", 2),
    ]
    assert rendered.plain[: rendered.toc[0]["at"]].strip() == "intro."
    assert rendered.plain[rendered.toc[0]["at"] : rendered.toc[1]["at"]].split() == ["first", "a", "b"]


def test_words_are_counted_in_any_script() -> None:
    assert render("Сайн байна уу? Об’єкт.").words == 4


def test_an_empty_text_is_an_empty_page() -> None:
    rendered = render("")
    assert (rendered.html, rendered.toc, rendered.plain, rendered.words) == ("", [], "", 0)


def test_s40_control_characters_and_direction_overrides_are_dropped() -> None:
    assert clean("a\x00\x02b\u202ec\u2066\r\nd\ud800") == "abc\nd"


def test_letters_are_stored_composed() -> None:
    assert clean("o\u0303") == "õ"

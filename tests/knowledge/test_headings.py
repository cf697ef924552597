"""Ids of headings: minted once, carried through edits, never lost and never doubled."""

import re

from hypothesis import given
from hypothesis import strategies as st

from knowledge.rendering.headings import carry_ids, find_headings, hide_ids, mint_ids


def ids(source: str) -> list[str]:
    return [heading.id for heading in find_headings(source.split("\n"))]


def test_a_heading_without_an_id_gets_one_from_its_words() -> None:
    assert mint_ids("## What was done\n\ntext") == "## What was done {#what-was-done}\n\ntext"


def test_an_id_that_is_there_stays() -> None:
    assert mint_ids("## Mida tehti {#done}", "et") == "## Mida tehti {#done}"


def test_two_equal_headings_get_different_ids() -> None:
    assert ids(mint_ids("## Cost\n\n## Cost\n\n## Cost")) == ["cost", "cost-2", "cost-3"]


def test_a_written_id_wins_over_a_minted_one_above_it() -> None:
    assert ids(mint_ids("## Cost\n\n## Price {#cost}")) == ["cost-2", "cost"]


def test_a_written_id_that_is_repeated_is_numbered() -> None:
    assert ids(mint_ids("## A {#x}\n\n## B {#x}")) == ["x", "x-2"]


def test_headings_inside_code_are_left_alone() -> None:
    source = "```\n# not a heading\n```\n\n~~~~\n## nor this\n~~~\n~~~~\n\n## this {#this}"
    assert mint_ids(source) == source


def test_underlined_headings_have_ids_too() -> None:
    assert mint_ids("Title\n=====\n\npara\nwith rule\n---") == "Title {#title}\n=====\n\npara\nwith rule\n---"


def test_cyrillic_headings_get_latin_ids() -> None:
    assert ids(mint_ids("## Юу хийсэн бэ", "mn")) == ["yuu-khiisen-be"]


def test_closing_hashes_do_not_hide_an_id() -> None:
    assert ids(mint_ids("## Cost ##\n\n## Time {#time} ##")) == ["cost", "time"]


def test_the_writer_does_not_see_ids() -> None:
    assert hide_ids("## Cost {#cost}\n\ntext {#not}") == "## Cost\n\ntext {#not}"


def test_a_moved_heading_keeps_its_id() -> None:
    before = "## A {#one}\n\nx\n\n## B {#two}\n\ny"
    assert ids(carry_ids("## B\n\ny\n\n## A\n\nx", before)) == ["two", "one"]


def test_a_reworded_heading_keeps_its_id_between_the_same_neighbours() -> None:
    before = "## A {#a}\n\n## Cost {#cost}\n\n## C {#c}"
    assert ids(carry_ids("## A\n\n## What it cost\n\n## C", before)) == ["a", "cost", "c"]


def test_a_new_heading_takes_nobodys_id() -> None:
    before = "## A {#a}\n\n## C {#c}"
    assert ids(carry_ids("## A\n\n## B\n\n## C", before)) == ["a", "", "c"]


def test_an_id_the_writer_typed_is_not_given_twice() -> None:
    before = "## A {#a}"
    assert ids(carry_ids("## New {#a}\n\n## A", before)) == ["a", ""]


LINES = st.lists(
    st.sampled_from(
        [
            "## Cost",
            "# Cost",
            "## Cost {#cost}",
            "## {#cost}",
            "text",
            "",
            "---",
            "```",
            "### Önn {#x}",
            "> ## q",
        ]
    ),
    max_size=12,
)


@given(LINES)
def test_minting_is_unique_and_settles_at_once(lines: list[str]) -> None:
    minted = mint_ids("\n".join(lines))
    assert all(ids(minted))
    assert len(set(ids(minted))) == len(ids(minted))
    assert mint_ids(minted) == minted


@given(LINES)
def test_hiding_and_carrying_gives_the_text_back(lines: list[str]) -> None:
    minted = mint_ids("\n".join(lines))
    assert carry_ids(hide_ids(minted), minted) == minted


@given(LINES, LINES)
def test_carrying_changes_nothing_but_ids(new: list[str], old: list[str]) -> None:
    carried = carry_ids("\n".join(new), mint_ids("\n".join(old)))
    strip = re.compile(r" *\{#[a-z0-9-]+\}")
    assert strip.sub("", carried) == strip.sub("", "\n".join(new))

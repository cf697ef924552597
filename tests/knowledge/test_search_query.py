"""What people type is a query, whatever they type."""

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.search.query import parse


def test_words_phrases_exclusions_and_filters_are_told_apart() -> None:
    query = parse('older "digital signature" people -bank tag:"target groups" lang:ET country:mn kind:lesson')
    assert query.words == "older digital signature people"
    assert query.phrases == ("digital signature",)
    assert query.excluded == ("bank",)
    assert query.topics == ("target-groups",)
    assert query.languages == ("et",)
    assert query.countries == ("MN",)
    assert query.kinds == ("lesson",)


def test_typographic_quotes_are_quotes() -> None:
    assert parse("„цифровий підпис“").phrases == ("цифровий підпис",)
    assert parse("«тоон гарын үсэг»").phrases == ("тоон гарын үсэг",)


def test_a_quote_that_is_never_closed_ends_with_the_query() -> None:
    assert parse('villages "older people').phrases == ("older people",)


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    query = parse("e-service ID-kaart")
    assert query.words == "e-service ID-kaart"
    assert not query.excluded


def test_signs_alone_are_no_query() -> None:
    for typed in ("", "   ", '"', '""', "-", "- -", "tag:", "lang:?", "*", "()", "\x00", "AND" * 0):
        assert not parse(typed), typed


def test_s49_the_operators_of_engines_are_words() -> None:
    assert parse("NEAR(a b) AND title:x OR (b) ^c d* & | ! <->").words == "NEAR(a b) AND title:x OR (b) ^c d*"


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=400) | st.text("\"-: tagl'", max_size=60))
def test_s49_parsing_never_raises_and_never_passes_control_characters(typed: str) -> None:
    query = parse(typed)
    everything = [query.text, query.words, *query.phrases, *query.excluded, *query.topics, *query.kinds]
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for part in everything for sign in part)

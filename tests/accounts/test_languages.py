"""Names of languages, countries and cities as their own people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import languages


def test_languages_are_called_what_they_call_themselves() -> None:
    found = [languages.endonym(code) for code in ("en", "et", "uk", "mn", "ka", "zh-Hant", "qqq")]
    assert found == ["English", "Eesti", "Українська", "Монгол", "ქართული", "中文 (繁體)", "qqq"]


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Asia/Hovd", ["Khovd", "Hovd", "Ховд", "Ховд"]),
        ("Asia/Ulaanbaatar", ["Ulaanbaatar", "Ulaanbaatar", "Улан-Батор", "Улаанбаатар"]),
        ("Europe/Tallinn", ["Tallinn", "Tallinn", "Таллінн", "Таллин"]),
        ("Europe/Kyiv", ["Kyiv", "Kiiev", "Київ", "Киев"]),
        ("Europe/Kiev", ["Kyiv", "Kiiev", "Київ", "Киев"]),
    ],
)
def test_cities_have_their_names_of_today(zone: str, names: list[str]) -> None:
    assert [languages.city(zone, lang) for lang in languages.INTERFACE] == names


def test_every_zone_we_offer_is_a_city_in_every_language() -> None:
    for lang in languages.INTERFACE:
        for zone in languages.zones():
            name = languages.city(zone, lang)
            assert name
            assert "/" not in name
            assert "_" not in name


def test_old_zone_names_from_browsers_are_understood() -> None:
    assert languages.canonical_zone("Europe/Kiev") == "Europe/Kyiv"
    assert languages.canonical_zone("Asia/Ulan_Bator") == "Asia/Ulaanbaatar"
    assert languages.canonical_zone("../etc/passwd") == ""
    assert languages.canonical_zone("") == ""


def test_countries_are_named_and_ordered_for_the_reader() -> None:
    ukrainian = [name for _, name in languages.country_choices("uk")]
    assert "Естонія" in ukrainian
    assert ukrainian.index("Індія") < ukrainian.index("Йорданія") < ukrainian.index("Японія")
    estonian = [name for _, name in languages.country_choices("et")]
    assert estonian.index("Venemaa") < estonian.index("Ühendkuningriik")
    assert {"EE", "MN", "UA"} <= set(languages.COUNTRIES)
    assert "EU" not in languages.COUNTRIES


@pytest.mark.parametrize(
    "good", ["en", "mn-Mong", "zh-Hant-TW", "pt-BR", "sl-rozaj-biske", "de-CH-1901", "en-x-a"]
)
def test_well_formed_tags_are_valid(good: str) -> None:
    assert languages.valid(good)
    assert languages.tidy(good.upper()) in {good, good.upper(), languages.tidy(good)}


@pytest.mark.parametrize(
    "bad", ["", "x", "en_US", "en--x", "english language", "<b>", "en-", "a" * 9, "en\n"]
)
def test_anything_else_is_not(bad: str) -> None:
    assert not languages.valid(bad)
    with pytest.raises(ValueError, match="is not a language tag"):
        languages.tidy(bad)


@given(st.text(max_size=40))
def test_no_text_breaks_the_check(text: str) -> None:
    if languages.valid(text):
        assert languages.valid(languages.tidy(text))
        assert languages.tidy(languages.tidy(text)) == languages.tidy(text)

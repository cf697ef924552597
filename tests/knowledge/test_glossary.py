"""The terms beside a text: found in any form of their words, said in the other language, doubted where one should."""

import tomllib

import pytest

from accounts.languages import INTERFACE
from accounts.names import Names
from knowledge.glossary import FILE, MOST, terms_in
from knowledge.models import Term

pytestmark = pytest.mark.django_db


def said(text: str, language: str, to: str) -> dict[str, str]:
    return {pair.here: pair.there for pair in terms_in(text, language, to)}


def test_an_inflected_word_is_found_and_said_in_the_other_language() -> None:
    assert said("Ахмад настнуудад яаж хүрсэн бэ?", "mn", "en") == {"ахмад настан": "older people"}
    assert said("Kas raamatukogudes õpetati?", "et", "uk")["raamatukogu"] == "бібліотека"
    assert (
        said("How did librarians teach digital signatures?", "en", "mn")["digital signature"]
        == "тоон гарын үсэг"
    )


def test_the_longer_term_goes_before_the_words_inside_it() -> None:
    assert list(said("Who pays for the data exchange system?", "en", "et")) == ["data exchange system"]


def test_the_sites_own_terms_go_before_the_glossarys() -> None:
    Term.objects.create(
        name="Herders",
        kind="target_group",
        names=Names.of("en", "Herders", mn="Малчид", et="Karjakasvatajad"),
    )
    assert said("Do herders use it?", "en", "et")["Herders"] == "Karjakasvatajad"


def test_what_nobody_confirmed_says_so() -> None:
    sure = {pair.there: pair.sure for pair in terms_in("A library and a life event.", "en", "mn")}
    assert sure == {"номын сан": True, "амьдралын үйл явдал": False}


def test_a_text_without_terms_or_in_a_language_nobody_wrote_down_has_none() -> None:
    many = "library citizen trust partner sponsor volunteer training herder feedback resident indicator"
    assert terms_in("Is it so?", "en", "mn") == []
    assert terms_in("Bonjour la bibliothèque", "fr", "en") == []
    assert len(terms_in(many, "en", "et")) == MOST


def test_every_entry_has_a_word_in_every_language_of_the_interface() -> None:
    rows = tomllib.loads(FILE.read_text())["term"]
    assert len(rows) > 40
    for row in rows:
        assert all(row[code] and all(row[code]) for code in INTERFACE)
        assert set(row.get("unsure", ())) <= set(INTERFACE)

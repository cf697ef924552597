"""One analysis for the index and the query: inflected forms meet, different words do not, nothing raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.search.analysis import analyse, fold, normalise

LANGUAGES = ["en", "et", "uk", "mn", "ru", "de", "zh", "mn-Mong", "und"]

FORMS = {
    "en": [
        ["service", "services", "Services", "service's"],
        ["library", "libraries"],
        ["citizen", "citizens", "citizens'"],
        ["train", "trained", "training"],
    ],
    "et": [
        ["inimene", "inimesed", "inimestele", "inimestega"],
        ["teenus", "teenuse", "teenused", "teenustele"],
        ["raamatukogu", "raamatukogud", "raamatukogudes"],
        ["vebinar", "vebinari", "vebinaride"],
    ],
    "uk": [
        ["послуга", "послуги", "послузі", "послуг", "послугами"],
        ["громадянин", "громадяни", "громадян", "громадянам"],
        ["вебінар", "вебінару", "вебінарів", "вебінарами"],
        ["бібліотека", "бібліотеці", "бібліотек"],
    ],
    "mn": [
        ["үйлчилгээ", "үйлчилгээний", "үйлчилгээг", "үйлчилгээгээр", "үйлчилгээнд"],
        ["иргэн", "иргэний", "иргэд", "иргэдийн", "иргэдэд", "иргэдээс"],
        ["мэдээлэл", "мэдээллийн", "мэдээллээр", "мэдээллүүд"],
        ["ажил", "ажлын", "ажилд", "ажлаас"],
        ["ном", "номын", "номоор", "номууд"],
        ["хэрэглэгч", "хэрэглэгчийн", "хэрэглэгчдэд", "хэрэглэгчдээсээ"],
        ["байшин", "байшингийн", "байшинд"],
    ],
}


def terms(text: str, lang: str) -> list[str]:
    return [token.term for token in analyse(text, lang)]


@pytest.mark.parametrize(
    ("lang", "forms"), [(lang, group) for lang, groups in FORMS.items() for group in groups]
)
def test_the_forms_of_a_word_share_one_term(lang: str, forms: list[str]) -> None:
    assert {form: terms(form, lang) for form in forms} == {form: terms(forms[0], lang) for form in forms}


@pytest.mark.parametrize("lang", FORMS)
def test_different_words_keep_different_terms(lang: str) -> None:
    firsts = [terms(group[0], lang)[0] for group in FORMS[lang]]
    assert len(set(firsts)) == len(firsts)


def test_a_suffix_comes_off_only_when_its_vowel_harmonises() -> None:
    assert terms("номоос", "mn") == terms("ном", "mn")
    assert terms("цаас", "mn") == ["цаас"]
    assert terms("номаас", "mn") != terms("ном", "mn")  # no Mongolian would write so: another word


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "`", "´"])
def test_any_apostrophe_or_none_writes_the_same_ukrainian_word(apostrophe: str) -> None:
    assert terms(f"об{apostrophe}єкти", "uk") == terms("обєкт", "uk")


def test_short_i_and_yi_are_letters_of_their_own() -> None:
    assert normalise("й") == "й" != normalise("и")
    assert normalise("ї") == "ї" != normalise("і")
    assert normalise("и\u0306") == "й"  # as macOS writes it
    assert [t.surface for t in analyse("и\u0306ого і\u0308жак", "uk")] == ["його", "їжак"]


def test_stress_marks_and_soft_hyphens_do_not_cut_words() -> None:
    assert terms("за́мок", "uk") == terms("замок", "uk")
    assert terms("ве\u00adбі\u200bнар", "uk") == terms("вебінар", "uk")


def test_letters_of_old_mongolian_fonts_are_read() -> None:
    assert terms("ємчлєл", "mn") == terms("өмчлөл", "mn")
    assert terms("їйлчилгээ", "mn") == terms("үйлчилгээ", "mn")


def test_numbers_are_left_alone() -> None:
    assert terms("106 of 181 in 2020, e5", "en") == ["106", "of", "181", "in", "2020", "e5"]


def test_words_typed_in_latin_letters_meet_the_cyrillic_ones() -> None:
    assert fold("uilchilgee", "mn") == fold("үйлчилгээний", "mn")
    assert fold("posluhy", "uk") == fold("poslugi", "uk") == fold("послуги", "uk")
    assert fold("opetaja", "et") == fold("õpetaja", "et")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_any_text_gives_terms_of_letters_and_digits_at_their_places(text: str, lang: str) -> None:
    for token in analyse(text, lang):
        assert token.term
        assert token.term.isalnum()
        assert normalise(text[token.start : token.end]) == token.surface


@settings(max_examples=300, deadline=None)
@given(
    st.text("абвгдежийклмнопрстуүфхцчшыьэюяөїієabcdeosõäöü'’ -.1", max_size=60), st.sampled_from(LANGUAGES)
)
def test_a_word_has_the_same_term_in_a_text_and_alone(text: str, lang: str) -> None:
    for token in analyse(text, lang):
        assert [alone.term for alone in analyse(text[token.start : token.end], lang)] == [token.term]

"""Addresses: every language gets a readable slug, by its country's own rules, and never an empty one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.slugs import slugify


# Examples printed in the resolution itself (KMU 55, 2010).
@pytest.mark.parametrize(
    ("ukrainian", "latin"),
    [
        ("Алушта", "alushta"),
        ("Андрій", "andrii"),
        ("Борщагівка", "borshchahivka"),
        ("Вінниця", "vinnytsia"),
        ("Гадяч", "hadiach"),
        ("Згорани", "zghorany"),
        ("Ґалаґан", "galagan"),
        ("Донецьк", "donetsk"),
        ("Єнакієве", "yenakiieve"),
        ("Наєнко", "naienko"),
        ("Житомир", "zhytomyr"),
        ("Їжакевич", "yizhakevych"),
        ("Кадиївка", "kadyivka"),
        ("Мар'їне", "marine"),
        ("Йосипівка", "yosypivka"),
        ("Стрий", "stryi"),
        ("Феодосія", "feodosiia"),
        ("Харків", "kharkiv"),
        ("Щербухи", "shcherbukhy"),
        ("Розгон", "rozghon"),
        ("Юрій", "yurii"),
        ("Корюківка", "koriukivka"),
        ("Яготин", "yahotyn"),
        ("Знам’янка", "znamianka"),
    ],
)
def test_ukrainian_follows_the_cabinets_resolution(ukrainian: str, latin: str) -> None:
    assert slugify(ukrainian, "uk") == latin


@pytest.mark.parametrize(
    ("mongolian", "latin"),
    [
        ("Улаанбаатар", "ulaanbaatar"),
        ("Цахим үйлчилгээ", "tsakhim-uilchilgee"),
        ("Жижиг ёс", "jijig-yos"),
        ("Өвөрхангай", "ovorkhangai"),
        ("Ерөнхий", "yeronkhii"),
        ("Юм, яам", "yum-yaam"),
        ("сургууль", "surguuli"),
    ],
)
def test_mongolian_follows_the_national_standard(mongolian: str, latin: str) -> None:
    assert slugify(mongolian, "mn") == latin


def test_estonian_loses_its_accents() -> None:
    assert (
        slugify("Õpetajad, šokolaad ja žürii: öö ülikoolis", "et")
        == "opetajad-sokolaad-ja-zurii-oo-ulikoolis"
    )


def test_a_slug_is_cut_between_words() -> None:
    assert slugify("one two three", longest=9) == "one-two"


def test_one_endless_word_is_cut_where_it_must_be() -> None:
    assert slugify("a" * 200, longest=60) == "a" * 60


@pytest.mark.parametrize("text", ["", "你好", "—", "🙂", "'"])
def test_what_has_no_latin_letters_gets_the_fallback(text: str) -> None:
    assert slugify(text, "zh", fallback="lesson") == "lesson"


@given(st.text(max_size=300), st.sampled_from(["en", "et", "uk", "mn", "ru", "el", "zh", "de-AT"]))
def test_any_text_makes_a_slug_that_is_its_own_slug(text: str, language: str) -> None:
    slug = slugify(text, language)
    assert slug
    assert len(slug) <= 60
    assert slugify(slug, language) == slug

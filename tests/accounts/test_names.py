"""A text in several languages: which one a reader gets, how it is stored, how it is asked for."""

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import Organisation
from accounts.names import Names, NamesFormField

NAMES = Names.of("mn", "Цахим яам", en="Ministry of Digital Development", uk="Міністерство")


def test_a_reader_gets_the_first_language_they_read() -> None:
    assert NAMES.best(["et", "uk", "en"]) == ("uk", "Міністерство")


def test_a_reader_of_nothing_we_have_gets_the_original() -> None:
    assert NAMES.best(["fi"]) == ("mn", "Цахим яам")
    assert str(NAMES) == "Цахим яам"


def test_a_reader_of_a_language_reads_its_varieties() -> None:
    assert Names.of("pt-BR", "Olá").best(["en", "pt"]) == ("pt-BR", "Olá")
    assert Names.of("pt", "Olá").best(["pt-BR"]) == ("pt", "Olá")


def test_no_text_is_false() -> None:
    assert not Names()
    assert NAMES


@pytest.mark.django_db
def test_names_come_back_from_the_database_as_they_went() -> None:
    kept = Organisation.objects.create(names=NAMES)
    assert Organisation.objects.get(pk=kept.pk).names == NAMES
    assert Organisation.objects.filter(names__texts__en="Ministry of Digital Development").count() == 1
    assert Organisation.objects.values_list("names__original", flat=True).get() == "mn"
    assert list(Organisation.objects.values_list("names", flat=True)) == [NAMES]


@pytest.mark.django_db
def test_names_survive_a_dump() -> None:
    kept = Organisation.objects.create(names=NAMES)
    [restored] = serializers.deserialize("json", serializers.serialize("json", [kept]))
    assert restored.object.names == NAMES


@pytest.mark.parametrize(
    "bad",
    [
        Names(),
        Names("en", {"et": "Tere"}),
        Names("en", {"en": "Hello", "et": "  "}),
        Names("en", {"en": "x" * 201}),
        Names("en", {"en": "Hello", "not a tag": "x"}),
    ],
)
def test_names_without_an_original_or_with_bad_texts_are_refused(bad: Names) -> None:
    with pytest.raises(ValidationError):
        Organisation(names=bad).full_clean()


def clean(query: str, **options: object) -> Names:
    field = NamesFormField(**options)
    cleaned = field.clean(field.widget.value_from_datadict(QueryDict(query), {}, "title"))
    assert isinstance(cleaned, Names)
    return cleaned


def test_one_filled_language_is_the_original_without_being_told() -> None:
    assert clean("title-text-en=&title-text-mn=Сайн+уу&title-original=") == Names.of("mn", "Сайн уу")


def test_any_other_language_can_be_added() -> None:
    posted = "title-text-en=Hello&title-original=en&title-other-lang=KA&title-other-text=გამარჯობა"
    assert clean(posted) == Names.of("en", "Hello", ka="გამარჯობა")


def test_the_original_must_be_named_when_there_are_two_texts() -> None:
    with pytest.raises(ValidationError) as refused:
        clean("title-text-en=Hello&title-text-et=Tere")
    assert refused.value.code == "original"


def test_an_optional_name_may_stay_empty() -> None:
    assert clean("title-text-en=", required=False) == Names()
    with pytest.raises(ValidationError):
        clean("title-text-en=")


def test_s40_what_somebody_wrote_is_shown_as_text() -> None:
    drawn = str(NamesFormField().widget.render("title", Names.of("en", '"><script>x</script>'), {"id": "t"}))
    assert "<script" not in drawn
    assert 'name="title-text-en" lang="en"' in drawn
    assert "style=" not in drawn

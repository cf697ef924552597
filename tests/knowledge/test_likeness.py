"""Short texts that say the same are found in each language, whatever forms their words stand in."""

import pytest

from knowledge.search.likeness import Group, Likeness, essence


def near(lang: str, *texts: str) -> list[tuple[int, ...]]:
    likeness = Likeness()
    for pk, text in enumerate(texts, start=1):
        likeness.put(pk, text, lang)
    return [group.ids for group in likeness.groups()]


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "en",
            ("How did you reach older people in villages?", "Older people in a village: were they reached?"),
        ),
        ("en", ("Who paid the trainers?", "who pays trainers")),
        ("et", ("Kes maksis koolitajatele palka?", "Kas koolitajad said palka?")),
        ("et", ("Kuidas jõudsite maal elavate eakateni?", "Kuidas jõuda eakateni maal?")),
        ("uk", ("Як ви залучали літніх людей у селах?", "літні люди в селах, як їх залучити")),
        ("uk", ("Чи є центри допомоги при бібліотеках?", "Скільки центрів допомоги у бібліотеках?")),
        ("mn", ("Хөдөөгийн ахмад настнуудад яаж хүрсэн бэ?", "Ахмад настнууд хөдөөд яаж хүрсэн")),
        ("mn", ("Кампанит ажлын өртөг хэд вэ?", "Kampanit ajliin urtug hed ve?")),
        ("mn-Cyrl-MN", ("Сургагч нар цалин авсан уу?", "Сургагчийн цалинг хэн өгсөн бэ?")),
        ("fi", ("Kuka maksoi kouluttajien palkan?", "Kouluttajien palkan maksoi kuka?")),
    ],
)
def test_the_same_in_other_words_is_alike(lang: str, texts: tuple[str, ...]) -> None:
    assert near(lang, *texts) == [(1, 2)]


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("en", ("How did you do that?", "What did you do then?")),
        ("en", ("Who paid the trainers?", "Who chose the villages?")),
        ("en", ("What do the trainers do on Sundays?", "Were the trainers volunteers, and who found them?")),
        ("et", ("Kuidas te seda tegite?", "Miks te seda tegite?")),
        ("uk", ("Як ви це робили?", "Чому ви це робили?")),
        ("mn", ("Та үүнийг яаж хийсэн бэ?", "Та үүнийг яагаад хийсэн бэ?")),
        ("en", ("", "?!")),
        ("en", ("Why?", "Why?")),
    ],
)
def test_what_merely_begins_the_same_is_not(lang: str, texts: tuple[str, ...]) -> None:
    assert near(lang, *texts) == []


def test_languages_are_not_mixed() -> None:
    likeness = Likeness()
    likeness.put(1, "Portal ja kampaania", "et")
    likeness.put(2, "Portal ja kampaania", "fi")
    assert likeness.groups() == []


def test_a_group_names_the_words_it_shares_as_its_oldest_writes_them() -> None:
    likeness = Likeness()
    likeness.put(7, "Trainers: who PAYS?", "en")
    likeness.put(3, "Who paid the Trainers in Khovd?", "en")
    assert likeness.groups() == [Group((3, 7), ("paid", "Trainers"))]


def test_small_steps_make_no_chain() -> None:
    texts = ("alpha beta gamma", "beta gamma delta", "gamma delta epsilon", "delta epsilon zeta")
    assert near("en", *texts) == [(1, 2), (3, 4)]


def test_what_is_dropped_or_said_anew_leaves_no_trace() -> None:
    followed, fresh = Likeness(), Likeness()
    for pk, text in enumerate(("Who paid trainers?", "Trainers: who paid?", "Which bank paid trainers?"), 1):
        followed.put(pk, text, "en")
    followed.put(2, "When is the recording available?", "en")
    followed.drop(1)
    followed.drop(1)
    for pk, text in ((2, "When is the recording available?"), (3, "Which bank paid trainers?")):
        fresh.put(pk, text, "en")
    assert followed.groups() == fresh.groups() == []
    followed.put(1, "Is the recording available?", "en")
    fresh.put(1, "Is the recording available?", "en")
    assert followed.groups() == fresh.groups() == [Group((1, 2), ("recording", "available"))]


def test_words_that_say_nothing_are_left_out_and_numbers_stay() -> None:
    assert list(essence("Where will you be in 2027, and how?", "en").values()) == ["2027"]

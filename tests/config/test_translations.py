"""Every word of the interface is there in every language, whole, in that language's own letters and forms."""

import gettext
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from config.translations import compile_stale, write

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "site" / "locale"
# What makemessages reads: everything that speaks, and nothing that a working copy grows.
SPEAKING = ("accounts", "knowledge", "webinars", "templates", "site")
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")
MARKUP = re.compile(r"</?\w+[^>]*>")
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {
    "mn": set(CYRILLIC + "өү"),
    "uk": set(CYRILLIC) - set("ёъыэ") | set("іїєґ"),
}
# The marks around a quotation, from outside in; whatever else quotes elsewhere is a slip of the keyboard.
QUOTES = {"mn": ("“”", "«»"), "uk": ("«»", "„“"), "et": ("„“",)}
# As in Django's own catalogues; Ukrainian keeps a fourth for fractions, which we never count.
NUMBER_OF_FORMS = {"et": 2, "mn": 2, "uk": 4}
# The number a reader meets, and which form it takes.
FORMS = {
    "et": {0: 1, 1: 0, 2: 1, 5: 1, 21: 1},
    "mn": {0: 1, 1: 0, 2: 1, 5: 1, 21: 1},
    "uk": {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 25: 2, 111: 2},
}

every_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(po: Path) -> Catalog:
    return read_po(io.BytesIO(po.read_bytes()))


def of(language: str) -> Catalog:
    return catalogue(LOCALE / language / "LC_MESSAGES" / "django.po")


def messages(language: str) -> Iterator[Message]:
    return (message for message in of(language) if message.id)


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each translated text beside the English it stands for."""
    for message in messages(language):
        if isinstance(message.id, str):
            yield message.id, message.string
        else:
            one, many = message.id
            for form, string in enumerate(message.string):
                yield (one if form == 0 else many), string


def bare(text: str) -> str:
    return MARKUP.sub(" ", PLACEHOLDER.sub(" ", text))


def names(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, (message.id,) if isinstance(message.id, str) else tuple(message.id)


def surroundings(root: Path, data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(root / "site"), str(root))),
        "PYTHONIOENCODING": "utf-8",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SILD_TOOLING": "1",
        "DATA_DIR": str(data),
    }


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as makemessages would leave them now, made in a copy."""
    if shutil.which("xgettext") is None:
        missing = "gettext is not installed (apt install gettext): nobody checked that no word is missing"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    copy = tmp_path_factory.mktemp("words")
    for part in SPEAKING:
        shutil.copytree(
            ROOT / part, copy / part, ignore=shutil.ignore_patterns("static", "*.mo", "__pycache__")
        )
    (copy / "site" / "static").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages"],
        cwd=copy,
        env=surroundings(copy, copy / "data"),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "site" / "locale"


@every_language
def test_nothing_is_missing_empty_or_guessed(language: str) -> None:
    found = of(language)
    assert [m.id for m in found if m.id and m.fuzzy] == []
    assert list(found.obsolete) == []
    assert [english for english, string in pairs(language) if not string.strip()] == []


@every_language
def test_a_fresh_extraction_finds_no_word_that_the_catalogue_lacks(language: str, extracted: Path) -> None:
    here = {names(m) for m in messages(language)}
    now = {names(m) for m in catalogue(extracted / language / "LC_MESSAGES" / "django.po") if m.id}
    assert now - here == set(), "run manage.py makemessages and translate these"
    assert here - now == set(), "nothing says these any more: run manage.py makemessages"


@every_language
def test_extraction_writes_no_date_and_no_path(language: str, extracted: Path) -> None:
    for po in (LOCALE / language, extracted / language):
        text = (po / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
        assert not re.search(r"^#: |Creation-Date|Revision-Date|fuzzy", text, re.M)
        assert str(ROOT) not in text
        assert str(extracted) not in text


@every_language
def test_what_is_filled_in_later_is_the_same_in_every_language(language: str) -> None:
    for message in messages(language):
        if isinstance(message.id, str):
            assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id))
            continue
        one, many = (sorted(PLACEHOLDER.findall(text)) for text in message.id)
        for string in message.string:
            # A form for exactly one may leave the number out, in English as elsewhere; no form may add one.
            assert sorted(PLACEHOLDER.findall(string)) in (one, many), message.id


@every_language
def test_the_markup_of_a_sentence_survives_translation(language: str) -> None:
    for english, string in pairs(language):
        assert sorted(MARKUP.findall(string)) == sorted(MARKUP.findall(english)), english


@every_language
def test_a_number_takes_the_form_its_language_gives_it(language: str, tmp_path: Path) -> None:
    source = (
        of_header(language)
        + '\nmsgid "{} day"\nmsgid_plural "{} days"\n'
        + "".join(f'msgstr[{form}] "{form}"\n' for form in range(of(language).num_plurals))
    )
    write(source.encode(), tmp_path / "forms.mo")
    with (tmp_path / "forms.mo").open("rb") as mo:
        forms = gettext.GNUTranslations(mo)
    assert {n: int(forms.ngettext("{} day", "{} days", n)) for n in FORMS[language]} == FORMS[language]


def of_header(language: str) -> str:
    po = LOCALE / language / "LC_MESSAGES" / "django.po"
    return po.read_text(encoding="utf-8").split("\n\n", 1)[0] + "\n"


@every_language
def test_every_plural_has_all_the_forms_of_its_language(language: str) -> None:
    count = of(language).num_plurals
    assert count == NUMBER_OF_FORMS[language]
    for message in messages(language):
        if not isinstance(message.id, str):
            assert len(message.string) == count, message.id


@every_language
def test_letters_of_two_alphabets_never_meet_in_a_word(language: str) -> None:
    for english, string in pairs(language):
        assert not re.search(
            r"[A-Za-z][А-Яа-яЁёӨөҮүІіЇїЄєҐґ]|[А-Яа-яЁёӨөҮүІіЇїЄєҐґ][A-Za-z]", bare(string)
        ), english


@pytest.mark.parametrize("language", sorted(ALPHABETS))
def test_only_the_letters_of_the_language_are_used(language: str) -> None:
    """A Latin word may stand in the translation only where it stands in the English: a name, a format."""
    for english, string in pairs(language):
        words = bare(string)
        other = {c for c in words.casefold() if c.isalpha() and not c.isascii()} - ALPHABETS[language]
        assert not other, (english, other)
        kept = re.findall(r"[A-Za-z]+", english)
        for latin in re.findall(r"[A-Za-z]+", words):
            assert any(word.startswith(latin) for word in kept), (english, latin)
        if re.search("[A-Za-z]", words) and not re.search("[^\\W\\da-zA-Z_]", words):
            assert english == "Markdown", f"left in English: {english}"


@every_language
def test_quotations_and_spaces_are_set_as_the_language_sets_them(language: str) -> None:
    marks = "".join(QUOTES[language])
    foreign = set("“”„«»‘‚‹›") - set(marks)
    for english, string in pairs(language):
        words = MARKUP.sub("", string)
        assert not foreign & set(words), english
        # A straight quotation mark is something the reader types, so it is in the English too.
        assert words.count('"') == MARKUP.sub("", english).count('"'), english
        for opening, closing in QUOTES[language]:
            assert words.count(opening) == words.count(closing), english
        assert not re.search(r"  | \n|\u00a0", string), english
        assert (string[0].isspace(), string[-1].isspace()) == (english[0].isspace(), english[-1].isspace()), (
            english
        )
        assert "₮" not in string
        if language == "uk":
            assert not re.search(r"\w'\w", words), f"the apostrophe is ’: {english}"


@every_language
def test_a_sentence_ends_as_one_and_a_promise_of_more_stays(language: str) -> None:
    for english, string in pairs(language):
        if english.endswith("…"):
            assert string.endswith("…"), english
        if english.endswith(":"):
            assert string.endswith(":"), english
        if re.search(r" .*\w\w\.$", english, re.S):
            assert string.endswith((".", "?", "!")), english


def test_babel_compiles_every_catalogue(tmp_path: Path) -> None:
    sources = tmp_path / "locale"
    shutil.copytree(LOCALE, sources, ignore=shutil.ignore_patterns("*.mo"))
    assert compile_stale(sources, tmp_path / "elsewhere") == sorted(LANGUAGES)
    for language in LANGUAGES:
        with (sources / language / "LC_MESSAGES" / "django.mo").open("rb") as mo:
            speaks = gettext.GNUTranslations(mo)
        for message in messages(language):
            if isinstance(message.id, str) and not message.context:
                assert speaks.gettext(message.id) == message.string


def test_what_django_says_badly_our_own_catalogue_says(tmp_path: Path) -> None:
    """Django's Mongolian asks for "at most" where it means "at least", and for the rest speaks English."""
    compile_stale(LOCALE, tmp_path / "locale")
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup()\n"
            "from django.core.validators import MaxLengthValidator\n"
            "from django.core.exceptions import ValidationError\n"
            "from django.utils.translation import override\n"
            "with override('mn'):\n"
            "    try: MaxLengthValidator(3)('abcd')\n"
            "    except ValidationError as refused: print(refused.messages[0])\n",
        ],
        cwd=ROOT,
        env=surroundings(ROOT, tmp_path),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    ).stdout
    assert told.strip() == "Хамгийн ихдээ 3 тэмдэгт бичнэ үү (одоо 4)."

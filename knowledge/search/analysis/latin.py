"""Latin letters for Cyrillic words: what people type without the layout, and the key that both sides share.

A fold key is made of the light stem, with the letters merged that people do not tell apart when they type
Latin: o and u in Mongolian (ө, ү), g and h in Ukrainian, doubled letters everywhere. Estonian and other Latin
scripts fold their accents. Keys begin with their language, so that they never meet across languages.
"""

import re
import unicodedata

_CYRILLIC = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "e", "ж": "j", "з": "z"},
    **{"и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "ө": "o"},
    **{"п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ү": "u", "ф": "f", "х": "h", "ц": "c", "ч": "q"},
    **{"ш": "w", "щ": "w", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a", "ё": "o"},
}
# How Latin letters are read back, the longest group first.
_GROUPS = {
    **{"shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш"},
    **{"yo": "ё", "yu": "ю", "iu": "ю", "ya": "я", "ia": "я", "ye": "е", "ie": "є", "yi": "ї"},
}
_TYPED = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_READ_AS = {
    "uk": "а б ц д е ф г г і й к л м н о п к р с т у в в кс и з",
    "mn": "а б ц д э ф г х и ж к л м н о п к р с т у в в х ы з",
}
_LETTERS = {lang: dict(zip(_TYPED.split(), letters.split())) for lang, letters in _READ_AS.items()}
_GROUP = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")
# A second part of a diphthong: ай эй ой уй үй ий in Mongolian (typed tai, gui, -iin), ий ей ой ай in Ukrainian.
_MN_SHORT_I = re.compile(r"(?<=[аэоуөүи])[иы](?![аэоуөү])")
_UK_SHORT_I = re.compile(r"(?<=[аеиоуіюяє])и|и(?=[аеоуі])")


def to_cyrillic(word: str, lang: str) -> list[str]:
    """How a word typed in Latin letters may be meant in Ukrainian or Mongolian, the likeliest first.

    In Mongolian u is typed for у, ү and ө alike; vowel harmony tells which suffixes a reading can have, so each
    is tried.
    """
    if lang == "mn":
        word = word.replace("ö", "ө").replace("ü", "ү")
    word = _GROUP.sub(lambda found: _GROUPS[found[0]], word)
    if lang == "mn":
        word = word.replace("є", "ие").replace("ї", "ы")
    word = "".join(_LETTERS[lang].get(letter, letter) for letter in word)
    if lang == "uk":
        word = _UK_SHORT_I.sub("й", word).replace("іі", "ій")
        return [word, f"{word}ь"]  # nobody types the soft sign of властивість
    word = _MN_SHORT_I.sub("й", word)
    return list(dict.fromkeys([word, word.replace("у", "ү"), word.replace("у", "ө"), word.replace("о", "ө")]))


def romanised_key(stem: str, lang: str) -> str:
    """The Latin skeleton of a Cyrillic light stem."""
    key = "".join(_CYRILLIC.get(letter, letter) for letter in stem)
    key = key.replace("o", "u").replace("ii", "i") if lang == "mn" else key.replace("g", "h")
    return _DOUBLED.sub(r"\1", key)


def without_accents(word: str) -> str:
    """õäöü → oaou; letters that are no Latin letter with a mark stay what they are (й is not и)."""
    if word.isascii():
        return word
    return "".join(_bare(letter) for letter in word)


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter

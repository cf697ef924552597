"""Addresses made of titles: Latin letters for every language we write in, short, never empty.

Ukrainian follows the Cabinet's resolution 55 of 2010 (KMU 55), Mongolian MNS 5217:2012 with ö and ü folded to o and u,
Estonian loses its accents. No Django in here: headings get their ids through the same functions.
"""

import re
import unicodedata

import cyrtranslit

# KMU 55: the first value stands at the beginning of a word, the second elsewhere.
# cyrtranslit's own "ua" table is the scholars' one (Jizhakevych, Hošča), which no passport or road sign uses.
KMU_55_BY_PLACE = {"є": ("ye", "ie"), "ї": ("yi", "i"), "й": ("y", "i"), "ю": ("yu", "iu"), "я": ("ya", "ia")}
KMU_55 = {
    **{"а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "y"},
    **{"і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t"},
    **{"у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": ""},
}
APOSTROPHES = "'’ʼ`"
# Which table of cyrtranslit fits a language; what is not listed is read as Russian, whose letters are the commonest.
CYRTRANSLIT = {"mn": "mn", "ru": "ru", "bg": "bg", "be": "by", "mk": "mk", "sr": "sr", "tg": "tj", "el": "el"}
# Letters that Unicode does not take apart into a Latin letter and a mark, and Kazakh ones no table of ours knows.
LEFT_OVER = str.maketrans(
    {
        **{"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"},
        **dict(zip("әғқңұһіөү", "agqnuhiou", strict=True)),
    }
)


def slugify(text: str, language: str = "en", *, longest: int = 60, fallback: str = "text") -> str:
    """Words of a-z and 0-9 joined by single hyphens, at most `longest` characters, cut between words if possible."""
    latin = unicodedata.normalize("NFKD", romanise(text, language).translate(LEFT_OVER))
    words = re.findall(r"[a-z0-9]+", re.sub(r"[^a-z0-9\s/–—_.:;,|-]", "", latin))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > longest:
            break
        slug = longer
    return slug or (words[0][:longest] if words else fallback)


def romanise(text: str, language: str) -> str:
    """The text in lower-case Latin letters, by the rules of its language; what is Latin already stays."""
    lowered = unicodedata.normalize("NFC", text).lower()
    base = language.lower().split("-")[0]
    if base == "uk":
        return _ukrainian(lowered)
    if base != "el" and not re.search(r"[\u0400-\u04ff]", lowered):
        return lowered
    return str(cyrtranslit.to_latin(lowered, CYRTRANSLIT.get(base, "ru")))


def _ukrainian(text: str) -> str:
    latin: list[str] = []
    previous = " "
    for letter in text:
        if letter in APOSTROPHES:
            continue  # об’єкт is one word: what follows the apostrophe does not begin another
        if letter == "г" and previous == "з":
            latin.append("gh")  # the resolution's note: зг → zgh, told apart from ж → zh
        elif letter in KMU_55_BY_PLACE:
            latin.append(KMU_55_BY_PLACE[letter][previous.isalpha()])
        else:
            latin.append(KMU_55.get(letter, letter))
        previous = letter
    return "".join(latin)

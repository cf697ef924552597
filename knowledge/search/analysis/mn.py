"""Mongolian (Cyrillic): a light stemmer, made for this search because no other was found anywhere.

A Mongolian noun is stem + plural + case + possessive, a verb stem + voice + tense or participle, and a
participle takes cases again (хэрэглэгчдээсээ = user-PL-ABL-REFL). Two things make the forms of a word differ:

1. *Vowel harmony.* Suffixes are written here with A (one of а э о ө) and U (у ү); which letter it is follows
   from the last vowel before it that is not и. A suffix comes off only when it harmonises with what it leaves,
   so that the end of a stem is not taken for a suffix (цаас "paper" is not ца + ас).
2. *Vowels that come and go.* Short vowels after the first syllable are dropped and put back as the syllables
   need it (ажил, ажлын; мэдээлэл, мэдээллийн), and a hidden н or г appears before some cases (шинэ, шинийн;
   байшин, байшингийн). The stem is therefore a skeleton: the first syllable, then consonants and long vowels.

The stem is a key for finding words, not a word. Old fonts typed є ї for ө ү; ё counts as е in all positions.
"""

import re

_OLD_FONTS = str.maketrans({"ё": "е", "є": "ө", "ї": "ү"})
_VOWELS = frozenset("аэиоуөүяеюыёй")
# The last vowel decides the vowel of what follows. и is neutral; у blocks the rounding of an о before it.
_A_AFTER = {
    "а": "а",
    "я": "а",
    "у": "а",
    "ы": "а",
    "ю": "а",
    "о": "о",
    "ө": "ө",
    "э": "э",
    "ү": "э",
    "е": "э",
}
_U_AFTER = {
    "а": "у",
    "я": "у",
    "у": "у",
    "ы": "у",
    "ю": "у",
    "о": "у",
    "ө": "ү",
    "э": "ү",
    "ү": "ү",
    "е": "ү",
}
_LONG_END = re.compile(r"(?:[аэоөуү]{2}|[аэоуөүи]й|[иеюя][аэоөуү]|н)$")

# Written out where the vowel does not follow the rule: comitative -тэй also after ө, genitive -ын and -ийн.
_POSSESSIVE_CASE = """
    дAA тAA ндAA AAсAA гAAсAA AAрAA гAAрAA тайгаа тойгоо тэйгээ ынхAA ийнхAA нийхAA ийгAA ыгAA рUUгAA лUUгAA
    хAA
"""
_CASE = "дAA тAA ндAA AAсAA гAAсAA наAсAA AAрAA гAAрAA тAйгAA ынхAA ийнхAA нийхAA ийгAA ыгAA рUUгAA лUUгAA"
_CASE = "ийн ийнх ын ынх ны ний ы ийг ыг нд AAс иас иос AAр иар иор тай той тэй рUU лUU гүй ий Aд"
_CASE_AFTER_LONG = "гийн гийг гAAс гAAр"
_PLURAL = "UUд нUUд иуд иүд чUUд чUUл ид"
_VERB = """
    х сAн нA дAг ж жээ чээ лAA AAд вAл бAл гсAд гдсAн гдAх гAAгүй AAгүй в AAрAй жAA чAA хAд мAгц
"""
_PARTICIPLE = "Aх х сн сAн дг дAг"  # what is left of a participle once its case is off


def _forms(suffixes: str) -> list[tuple[str, str, str]]:
    """(suffix as written, the A it was written with, the U it was written with), longest first."""
    found = set()
    for suffix in suffixes.split():
        for a in "аэоө" if "A" in suffix else ("",):
            for u in "уү" if "U" in suffix else ("",):
                found.add((suffix.replace("A", a or "A").replace("U", u or "U"), a, u))
    return sorted(found, key=lambda form: (-len(form[0]), form))


_POSSESSIVE_CASE_FORMS = _forms(_POSSESSIVE_CASE)
_CASE_FORMS = _forms(_CASE)
_CASE_AFTER_LONG_FORMS = _forms(_CASE_AFTER_LONG)
_PLURAL_FORMS = _forms(_PLURAL)
_VERB_FORMS = _forms(_VERB)
_PARTICIPLE_FORMS = _forms(_PARTICIPLE)


def stem(word: str) -> str:
    """The skeleton of a normalised word's stem."""
    word = word.translate(_OLD_FONTS)
    if len(word) < 3 or not _VOWELS.intersection(word):
        return word
    body = _without_case(_cut(word, _POSSESSIVE_CASE_FORMS, 3))
    body = (
        body[:-1] if body[-1] == "т" and body != word and _takes_t(body[:-1]) else body
    )  # спорт-ын, as спорт
    inflected = body != word
    if inflected and len(body) > 5 and body.endswith("гүй"):
        body = body[:-3]
    single = _cut(body, _PLURAL_FORMS, 3)
    if inflected and single == body and len(body) > 4 and body.endswith("д"):  # иргэд-ийн, найз-ад-тай
        single = body[:-2] if body[-2] in "аэоө" else body[:-1]
    if inflected and single[-1:] in ("х", "н", "г"):
        single = _cut(single, _PARTICIPLE_FORMS, 2)
    if single == word:
        single = _cut(word, _VERB_FORMS, 2)
    return _skeleton(single) or word


light = stem


def _without_case(word: str) -> str:
    for suffix, a, u in _CASE_AFTER_LONG_FORMS:
        if word.endswith(suffix):
            body = word[: -len(suffix)]
            if _LONG_END.search(body) and _harmonises(body, a, u):
                return body
    body = _cut(word, _CASE_FORMS, 2)
    if body != word:
        return body
    if word[-1] == "г" and len(word) > 4 and _LONG_END.search(word[:-1]):  # accusative after a long vowel
        return word[:-1]
    if word[-1] == "д" and len(word) > 3 and word[-2] in "аэоөилмнрвйуүь":  # dative
        return word[:-1]
    if word[-1] == "т" and _takes_t(word[:-1]):
        return word[:-1]
    return word


def _takes_t(body: str) -> bool:
    """The dative is -т after these letters, -д after all others."""
    return len(body) > 3 and body[-1] in "гсрв"


def _cut(word: str, forms: list[tuple[str, str, str]], shortest: int) -> str:
    """The word without the longest of these suffixes that harmonises with what stays."""
    for suffix, a, u in forms:
        if word.endswith(suffix) and len(word) - len(suffix) >= shortest:
            body = word[: -len(suffix)]
            if _VOWELS.intersection(body) and _harmonises(body, a, u):
                return body
    return word


def _harmonises(body: str, a: str, u: str) -> bool:
    if not a and not u:
        return True
    last = next((letter for letter in reversed(body) if letter in _A_AFTER), "э")
    return (not a or a == _A_AFTER[last]) and (not u or u == _U_AFTER[last])


_FIRST_SYLLABLE = re.compile(r"[^аэиоуөүяеюый]*[аэиоуөүяеюый]+")
_SHORT_VOWEL = re.compile(r"(?<![аэиоуөүяеюый])[аэиоуөүяеюы](?![аэиоуөүяеюый])")


def _skeleton(body: str) -> str:
    body = body.replace("ь", "").replace("ъ", "")
    if first := _FIRST_SYLLABLE.match(body):
        body = first[0] + _SHORT_VOWEL.sub("", body[first.end() :])
    body = _without_last_vowels(body)
    if len(body) > 3 and body.endswith("нг"):
        body = body[:-1]
    if len(body) > 3 and body.endswith("н"):  # the hidden н
        body = body[:-1]
    body = _without_last_vowels(body)
    return body[:-2] if len(body) > 4 and body.endswith("гд") else body


def _without_last_vowels(body: str) -> str:
    while len(body) > 3 and body[-1] in _VOWELS:
        body = body[:-1]
    return body

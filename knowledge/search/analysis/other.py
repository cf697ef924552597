"""Every other language: Snowball's stemmer where there is one, else the words as they are."""

from functools import cache

import snowballstemmer

_SNOWBALL = {
    **{"ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish"},
    **{"nl": "dutch", "eo": "esperanto", "fi": "finnish", "fr": "french", "de": "german", "el": "greek"},
    **{
        "hi": "hindi",
        "hu": "hungarian",
        "id": "indonesian",
        "ga": "irish",
        "it": "italian",
        "lt": "lithuanian",
    },
    **{
        "ne": "nepali",
        "nb": "norwegian",
        "nn": "norwegian",
        "no": "norwegian",
        "fa": "persian",
        "pl": "polish",
    },
    **{
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sr": "serbian",
        "es": "spanish",
        "sv": "swedish",
    },
    **{"ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}


@cache
def _stemmer(lang: str) -> snowballstemmer.basestemmer.BaseStemmer | None:
    name = _SNOWBALL.get(lang)
    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None


def stem(word: str, lang: str) -> str:
    stemmer = _stemmer(lang)
    return (str(stemmer.stemWord(word)) or word) if stemmer else word

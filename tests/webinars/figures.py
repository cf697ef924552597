"""The numbers a text of the demo gives, written one way in every language, so that editions can be compared."""

import re
from collections import Counter

# What is not a figure of the text: citations, the addresses of links, the ids of headings.
_MARKS = re.compile(r"\[@[^\]]+\]|\]\([^)]*\)|\{#[a-z]+\}")


def figures(text: str, lang: str) -> Counter[str]:
    """The numbers of a text, each as often as it stands there: no grouping, a decimal point."""
    text = _MARKS.sub(" ", text)
    if lang in ("et", "uk"):
        text = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d{3})", "", text)
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    else:
        text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return Counter(re.findall(r"\d+(?:\.\d+)?", text))

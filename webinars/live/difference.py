"""What changed between two wordings, word by word: for the moderator who reads a question again."""

from difflib import SequenceMatcher

import regex

_words = regex.compile(r"\s+|[^\s\p{L}\p{N}\p{M}]|[\p{L}\p{N}\p{M}]+")


def difference(before: str, now: str) -> list[list[str]]:
    """[["=", kept], ["-", gone], ["+", new], …]: all but the gone is the new wording, all but the new the old one."""
    old, new = _words.findall(before), _words.findall(now)
    found: list[list[str]] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(["=", "".join(old[i1:i2])])
            continue
        if i1 < i2:
            found.append(["-", "".join(old[i1:i2])])
        if j1 < j2:
            found.append(["+", "".join(new[j1:j2])])
    return found

"""A text with a few facts on top, between two lines of ---, as the files that come with the program have them."""

from pathlib import Path


class Wrong(ValueError):
    """A file that comes with the program does not say what it should; the message names it."""


def read_headed(path: Path) -> tuple[dict[str, str], str]:
    """The facts by name, and the text below them, ending in one line end. Raises Wrong."""
    opening, *parts = path.read_text(encoding="utf-8").split("---\n", 2)
    if opening or len(parts) != 2:
        raise Wrong(f"{path.name}: no facts between two lines of --- on top")
    head, body = parts
    facts: dict[str, str] = {}
    for line in head.splitlines():
        field, colon, value = line.partition(": ")
        if not colon or not value.strip():
            raise Wrong(f"{path.name}: not a fact: {line}")
        facts[field] = value.strip()
    return facts, body.strip() + "\n"

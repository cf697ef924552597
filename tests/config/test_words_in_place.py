"""Interface words stand in templates and Python only, each where the catalogues can find it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_word_in_a_template_stands_outside_translation() -> None:
    """What is left of a template without its tags and attributes is punctuation and keys (<kbd>Ctrl</kbd>)."""
    untranslated = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        for pattern in (
            r"\{% comment %\}.*?\{% endcomment %\}",
            r"\{#.*?#\}",
            r"<!--.*?-->",
            r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}",
            r"\{% block (?:main|body)_class %\}.*?\{% endblock %\}",
            r"\{%.*?%\}|\{\{.*?\}\}",
            r"<kbd>[A-Z][a-z]*</kbd>",
        ):
            text = re.sub(pattern, "", text, flags=re.S)
        said = re.findall(r'\b(?:title|aria-label|placeholder|alt|label)="([^"]*[A-Za-z]{2}[^"]*)"', text)
        said += re.findall(r"[A-Za-z]{2,}[^\n<]*", re.sub(r"<[^>]*>", " ", text))
        if said:
            untranslated[str(path.relative_to(ROOT))] = said
    assert untranslated == {}


def test_no_sentence_stands_in_a_script() -> None:
    """Scripts take their words from the page, which has them in its own language."""
    said = {}
    for path in sorted((ROOT / "site" / "static" / "js").rglob("*.js")):
        code = re.sub(r"/\*[\s\S]*?\*/|^\s*//.*|\s// .*", "", path.read_text(encoding="utf-8"), flags=re.M)
        literals = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", code)
        found = [text for text in map("".join, literals) if re.search(r"(?:^|[ >])[A-Z][a-z]+ [a-z]+", text)]
        if found:
            said[str(path.relative_to(ROOT))] = found
    assert said == {}

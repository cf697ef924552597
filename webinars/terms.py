"""Which terms a text speaks of: those whose name stands in it, in whatever form its language gives the words."""

from collections.abc import Iterable, Sequence

from knowledge.models import Term
from knowledge.search.analysis import analyse, base_language


def terms_in(texts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Slugs of the terms named in any of the (language, text), in the order of the terms. Not inside a transaction."""
    said = [(base_language(language), _stems(text, language)) for language, text in texts]
    spoken = {language for language, _ in said}
    found = []
    for term in Term.objects.order_by("pk"):
        names = [(code, name) for code, name in term.names.texts.items() if base_language(code) in spoken]
        stems = [(base_language(code), _stems(name, code)) for code, name in names]
        if any(code == language and _holds(text, name) for code, name in stems for language, text in said):
            found.append(term.slug)
    return tuple(found)


def _stems(text: str, language: str) -> list[str]:
    return [token.term for token in analyse(text, language)]


def _holds(text: Sequence[str], name: Sequence[str]) -> bool:
    """The words of the name one after the other."""
    return bool(name) and any(
        list(text[at : at + len(name)]) == list(name) for at in range(len(text) - len(name) + 1)
    )

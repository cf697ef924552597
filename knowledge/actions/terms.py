"""Giving a guide its terms by name, in whatever language the writer knows them."""

from collections.abc import Mapping, Sequence

from accounts.names import Names
from knowledge.models import Guide, Term


def set_terms(guide: Guide, names_by_kind: Mapping[str, Sequence[str]], language: str) -> None:
    """The guide's terms become these. A name that no term of the kind has in any language makes a new term."""
    chosen = [
        term
        for kind, names in names_by_kind.items()
        for term in find_or_make(kind, [name.strip() for name in names if name.strip()], language)
    ]
    guide.terms.set(chosen)


def find_or_make(kind: str, names: Sequence[str], language: str) -> list[Term]:
    """Terms of one kind by their names in any language. Compares in Python: SQLite folds ASCII letters only."""
    if not names:
        return []
    known = {
        spelled.casefold(): term
        for term in Term.objects.filter(kind=kind)
        for spelled in (term.name, *term.names.texts.values())
    }
    found: dict[int, Term] = {}
    for name in names:
        term = known.get(name.casefold())
        if term is None:
            term = Term.objects.create(kind=kind, name=name[:100], names=Names.of(language, name))
            known[name.casefold()] = term
        found[term.pk] = term
    return list(found.values())

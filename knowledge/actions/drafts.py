"""Writing: guides begin as somebody's draft, are saved as they are typed, and nothing typed is lost."""

from accounts.models import User
from accounts.writing import writing
from knowledge.actions.shapes import Details, Text
from knowledge.markdown import clean
from knowledge.models import Draft, Edition, Guide, Revision
from knowledge.slugs import slugify


class Conflict(Exception):
    """Somebody (perhaps oneself, in another window) has stored a newer text. Neither is lost.

    `theirs` is the newer text as it is stored, `mine` what was handed in; the writer puts them together.
    """

    def __init__(self, theirs: Draft | Revision, mine: Text) -> None:
        super().__init__("a newer text is stored")
        self.theirs = theirs
        self.mine = mine


def create_guide(
    author: User, *, kind: str = Guide.Kind.LESSON, language: str, text: Text, details: Details | None = None
) -> Draft:
    """A new guide with one edition in its original language, which only its author's draft fills as yet."""
    with writing():
        guide = Guide.objects.create(
            kind=kind, source_language=language, owner=author, organisation_id=author.organisation_id
        )
        return _first_draft(guide, author, language, text, details or Details())


def add_edition(guide: Guide, author: User, *, language: str, text: Text) -> Draft:
    """The author's draft of this guide in one more language; the edition may be there already."""
    details = Details.of(guide, language)
    with writing():
        return _first_draft(guide, author, language, text, details)


def save_draft(
    edition: Edition, person: User, text: Text, details: Details, *, version: int, base: Revision | None
) -> Draft:
    """Stores what the person has typed. `version` is the draft's that they saw (0: none), `base` the revision
    they began from.

    Raises Conflict when another window of theirs has saved since: the stored draft stays as it is.
    """
    fields = {**_written(text), "details": details.to_json(), "base": base}
    with writing():
        drafts = Draft.objects.select_for_update().filter(edition=edition, person=person)
        draft = drafts.first()
        if draft is None:
            return Draft.objects.create(edition=edition, person=person, version=1, **fields)
        if draft.version != version:
            raise Conflict(draft, text)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.version += 1
        draft.save()
        return draft


def discard_draft(draft: Draft) -> None:
    """The draft goes. An edition that nobody else writes and nobody ever read goes with it, and so may its guide."""
    with writing():
        draft.delete()
        edition = draft.edition
        if edition.revisions.exists() or edition.drafts.exists():
            return
        edition.delete()
        if not edition.guide.editions.exists():
            edition.guide.delete()


def _first_draft(guide: Guide, author: User, language: str, text: Text, details: Details) -> Draft:
    edition, _ = Edition.objects.get_or_create(
        guide=guide, language=language, defaults={"slug": slugify(text.title, language, fallback=guide.kind)}
    )
    draft, _ = Draft.objects.get_or_create(
        edition=edition,
        person=author,
        defaults={**_written(text), "details": details.to_json(), "base": edition.live, "version": 1},
    )
    return draft


def _written(text: Text) -> dict[str, object]:
    return {
        "title": clean(text.title),
        "summary": clean(text.summary),
        "body": clean(text.body),
        "facts": dict(text.facts),
    }

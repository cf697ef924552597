"""The writer's desk: one person, one edition, their draft, and what the form holds of it."""

from typing import Any, Self

from django.http import QueryDict
from django.utils.translation import get_language

from accounts.languages import country_choices
from accounts.models import User
from knowledge import actions, lesson
from knowledge.actions import Conflict, Details, Text
from knowledge.checks import checks, parts_of
from knowledge.forms import Writing, initial
from knowledge.markdown import NotRendered, Rendered, TooComplex, carry_ids, clean, hide_ids, render
from knowledge.models import Draft, Edition, Revision, Source, Term
from knowledge.rendering.citations import cited_keys

MOST_OFFERED = 500  # sources and terms offered while one types


class Desk:
    """Reads what is stored, then saves and publishes what the form holds. Ids of headings never reach the form."""

    def __init__(self, person: User, edition: Edition, draft: Draft | None, posted: QueryDict | None) -> None:
        self.person = person
        self.edition = edition
        self.draft = draft
        self.theirs: Draft | Revision | None = None
        self.before = self._before()
        self.details = (
            Details.from_json(draft.details) if draft else Details.of(edition.guide, edition.language)
        )
        self.form = Writing(posted) if posted is not None else Writing(initial=self._initial())

    @classmethod
    def of(cls, person: User, edition: Edition, posted: QueryDict | None) -> Self:
        mine = (
            Draft.objects.filter(edition=edition, person=person).select_related("base")
            if edition.pk
            else None
        )
        return cls(person, edition, mine.first() if mine is not None else None, posted)

    def save(self) -> Draft:
        """Stores the form's text in the person's draft. Raises Conflict when another window was faster."""
        written = self.form.text(self.before.facts)
        text = Text(
            written.title, written.summary, carry_ids(clean(written.body), self.before.body), written.facts
        )
        details = self.form.details(self.details)
        seen = self.form.cleaned_data.get("version") or 0
        if self.edition.pk is None:
            begun = actions.add_edition(
                self.edition.guide, self.person, language=self.edition.language, text=text
            )
            self.edition, seen = begun.edition, begun.version
        self.draft = actions.save_draft(
            self.edition, self.person, text, details, version=seen, base=self._base()
        )
        self.before, self.details = text, details
        self._remember(version=self.draft.version)
        return self.draft

    def publish(self) -> Revision:
        """Publishes the saved draft. Raises Conflict, TooComplex, NotRendered; the draft is then still there."""
        assert self.draft is not None
        cleaned = self.form.cleaned_data
        return actions.publish_revision(
            self.edition,
            self.person,
            Text.of(self.draft),
            base=self._base(),
            details=self.details,
            based_on=self._translated(),
            significance=(cleaned["significance"] or "minor") if self.edition.live_id else "major",
            change_note=cleaned["change_note"],
            credits=cleaned["credits"],
        )

    def take_source(self, source: Source) -> None:
        """The guide rests on this source too."""
        keys = [self.form.data.get("sources", ""), source.key]
        self._remember(sources=", ".join(filter(None, keys)))

    def meet(self, conflict: Conflict) -> None:
        """Shows the other text beside one's own; saving again from here is meant to replace it."""
        self.theirs = conflict.theirs
        if isinstance(self.theirs, Draft):
            self._remember(version=self.theirs.version)
        else:
            self._remember(base=self.theirs.pk)

    def context(self) -> dict[str, Any]:
        """Everything the editor's page shows."""
        text = self.form.text() if self.form.is_bound else Text.of_form(self.form.initial)
        language = self.edition.language
        return {
            **self.preview_of(text, language),
            "edition": self.edition,
            "guide": self.edition.guide,
            "draft": self.draft,
            "form": self.form,
            "theirs": self.theirs,
            "their_body": hide_ids(self.theirs.body) if self.theirs else "",
            "behind": bool(self.draft and self.draft.base_id != self.edition.live_id),
            "sources": Source.objects.all()[:MOST_OFFERED],
            "terms": self._offered(),
            "countries": country_choices(get_language() or "en"),
            "asks": lesson.parts(language) if self.edition.guide.kind == "lesson" else [],
            "original": self._original(),
        }

    @staticmethod
    def preview_of(text: Text, language: str) -> dict[str, Any]:
        """The text as it will be read, or why it cannot be laid out; its parts, and what readers will look for."""
        known = Source.objects.filter(key__in=cited_keys(text.body)).values_list("key", flat=True)
        refused = ""
        try:
            rendered = render(text.body, known=set(known), language=language)
        except (TooComplex, NotRendered) as problem:
            rendered, refused = Rendered(""), str(problem)
        return {
            "text": text,
            "language": language,
            "rendered": rendered,
            "refused": refused,
            "parts": parts_of(rendered),
            "checks": checks(text, rendered),
        }

    def _before(self) -> Text:
        """What the editor opened with: the draft, else what is published, else the original to be translated."""
        if self.draft:
            return Text.of(self.draft)
        if self.edition.live:
            return Text.of(self.edition.live)
        original = self._original()
        return Text.of(original.live) if original and original.live else Text("")

    def _initial(self) -> dict[str, Any]:
        shown = Text(self.before.title, self.before.summary, hide_ids(self.before.body))
        base = self.draft.base if self.draft else self.edition.live
        credits = self.edition.live.credits if self.edition.live else ""
        return initial(
            shown, self.details, version=self.draft.version if self.draft else 0, base=base, credits=credits
        )

    def _remember(self, **hidden: object) -> None:
        """The form as it was typed, with this in its hidden fields when the page is shown again."""
        posted = QueryDict(mutable=True)
        posted.update(self.form.data)
        for name, value in hidden.items():
            posted[name] = str(value)
        self.form = Writing(posted)
        self.form.is_valid()

    def _base(self) -> Revision | None:
        """The revision the writer began from, as the form says; only one of this edition counts."""
        number = self.form.cleaned_data.get("base")
        return self.edition.revisions.filter(pk=number).first() if number else None

    def _original(self) -> Edition | None:
        guide = self.edition.guide
        if self.edition.language == guide.source_language:
            return None
        return guide.editions.select_related("live").filter(language=guide.source_language).first()

    def _translated(self) -> Revision | None:
        original = self._original()
        return original.live if original else None

    def _offered(self) -> list[tuple[str, list[str]]]:
        """Names of the terms there are, by kind, in the language of the text."""
        offered: dict[str, list[str]] = {kind: [] for kind in Term.Kind.values}
        for term in Term.objects.all()[:MOST_OFFERED]:
            offered[term.kind].append(term.names.best([self.edition.language]).text or term.name)
        return list(offered.items())

"""Writing down what was promised, and how it stands."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.names import NamesFormField
from knowledge.models import Source
from webinars.actions.promises import FACTS, Stand
from webinars.models import Commitment, Exact, Standing

from .joining import printable


def day_input() -> forms.DateInput:
    """The browser's own calendar, which sends and takes this form alone."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SourceFields(forms.Form):
    """What it rests on: an address and what stands there. One that is known already needs no title."""

    source_url = forms.URLField(
        label=_("Source: its address"), required=False, max_length=1000, assume_scheme="https"
    )
    source_title = forms.CharField(label=_("Source: its title"), max_length=400, required=False)
    source_publisher = forms.CharField(label=_("Source: who published it"), max_length=200, required=False)
    source_year = forms.CharField(label=_("Source: its year"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        url = said.get("source_url")
        others = [said.get(name) for name in ("source_title", "source_publisher", "source_year")]
        if not url and any(others) and "source_url" not in self.errors:
            self.add_error("source_url", _("Say where it is to be read."))
        if url and not said.get("source_title") and not Source.objects.filter(url=url).exists():
            self.add_error("source_title", _("Say what is to be read there."))
        return said


class PromiseForm(SourceFields):
    """A promise as it was made."""

    text = NamesFormField(label=_("What was promised"), text_max=500, multiline=True)
    quote = NamesFormField(
        label=_("How it was said"), text_max=1000, multiline=True, required=False,
        help_text=_("The very words, as a record or a report gives them."),
    )  # fmt: skip
    owner = forms.CharField(label=_("Who promised it"), max_length=160)
    institution = forms.CharField(
        label=_("For which organisation"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"list": "known-organisations"}),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), required=False)
    due = forms.DateField(
        label=_("Due"), required=False, widget=day_input(), help_text=_("The day after which it is late.")
    )
    due_words = NamesFormField(
        label=_("Due, as it was said"), required=False, help_text=_("For instance: middle of October.")
    )
    figure_then = forms.IntegerField(
        label=_("Done when it was promised"), required=False, min_value=0, max_value=10**9,
        help_text=_("Of a promise that can be counted: 106 of 181."),
    )  # fmt: skip
    figure_goal = forms.IntegerField(label=_("Promised in all"), required=False, min_value=1, max_value=10**9)
    field_order = ("text", "quote", "owner", "institution", "country", "due", "due_words", "figure_then",
                   "figure_goal")  # fmt: skip

    def __init__(self, data: Any = None, *, promise: Commitment | None = None) -> None:
        super().__init__(data, initial=_initial(promise) if promise else {})
        here = get_language() or "en"
        self.fields["country"].choices = [("", "—"), *languages.country_choices(here)]  # type: ignore[attr-defined]

    def clean_owner(self) -> str:
        owner = printable(self.cleaned_data["owner"])
        if not owner:
            raise forms.ValidationError(_("Write a name."), code="required")
        return owner

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("figure_then") is not None and said.get("figure_goal") is None:
            self.add_error("figure_goal", _("Say how many were promised in all."))
        return said

    def facts(self) -> dict[str, Any]:
        """The columns as write_promise and change_promise take them."""
        return {name: value for name, value in self.cleaned_data.items() if name in FACTS}


class StandForm(SourceFields):
    """How a promise stood on a day."""

    at = forms.DateField(label=_("On which day"), widget=day_input())
    exact = forms.ChoiceField(
        label=_("Of this date is known"), widget=forms.RadioSelect, initial=Exact.DAY,
        choices=[(Exact.DAY, _("the day")), (Exact.MONTH, _("the month")), (Exact.YEAR, _("the year"))],
    )  # fmt: skip
    standing = forms.ChoiceField(
        label=_("How it stood"), widget=forms.RadioSelect,
        choices=[
            (Standing.OPEN, pgettext_lazy("a promise", "open")),
            (Standing.PARTLY, _("kept in part")),
            (Standing.KEPT, _("kept")),
            (Standing.LAPSED, _("not kept")),
        ],
    )  # fmt: skip
    figure = forms.IntegerField(label=_("Done by then"), required=False, min_value=0, max_value=10**9)
    note = NamesFormField(
        label=_("In words"), text_max=1000, multiline=True, required=False,
        help_text=_("What is known, and nothing that the source does not say."),
    )  # fmt: skip
    field_order = ("at", "exact", "standing", "figure", "note")

    def __init__(self, data: Any = None, *, promise: Commitment) -> None:
        super().__init__(data, initial={"at": timezone.localdate(), "standing": promise.standing})
        if not promise.figure_goal:
            del self.fields["figure"]

    def clean_at(self) -> date:
        day: date = self.cleaned_data["at"]
        if day > timezone.localdate() + timedelta(days=1):  # it may be tomorrow where they are
            raise forms.ValidationError(_("That day is still to come."), code="future")
        return day

    def stand(self, sources: tuple[Source, ...]) -> Stand:
        """As write_stand takes it: what is known of the month begins on its first."""
        said = self.cleaned_data
        day, exact = said["at"], said["exact"]
        first = {Exact.MONTH: {"day": 1}, Exact.YEAR: {"month": 1, "day": 1}}.get(exact, {})
        return Stand(
            at=day.replace(**first),
            exact=exact,
            standing=said["standing"],
            figure=said.get("figure"),
            note=said["note"],
            sources=sources,
        )


def _initial(promise: Commitment) -> dict[str, Any]:
    organisation = promise.organisation
    return {name: getattr(promise, name) for name in FACTS} | {
        "institution": organisation.names.best([get_language() or "en"]).text if organisation else "",
        "country": organisation.country if organisation else "",
    }

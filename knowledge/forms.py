"""The forms of the editor. What is typed comes back whatever is wrong with it."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.languages import INTERFACE, OFFERED, country_choices, country_name, endonym
from knowledge.actions import Details, Text
from knowledge.models import Guide, Revision, Source
from knowledge.rendering.citations import KEY

YEARS = (1900, 2100)
# A word between commas, or in quotes where it has a comma of its own. chips-field.js reads and writes the same.
_WORD = re.compile(r'\s*(?:"([^"\n]*)"\s*(?=[,;\n]|$)|([^,;\n]+))')


class ListField(forms.CharField):
    """Several short words in one line, with commas between them; cleaned to a tuple without repetitions.

    Names of topics and groups may hold a comma, above all in languages that put one before every "who".
    """

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(map(_quoted, value))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return tuple(value)
        words = (" ".join((quoted or bare).split()) for quoted, bare in _WORD.findall(value or ""))
        return tuple(dict.fromkeys(word[:100] for word in words if word))

    def run_validators(self, value: Any) -> None:
        if len(value) > 40:
            raise forms.ValidationError(_("At most 40."))


def _quoted(word: str) -> str:
    return f'"{word}"' if re.search(r"[,;]", word) else word


class CountriesField(ListField):
    """Countries by their codes or by their names in a language of the interface; cleaned to codes."""

    def prepare_value(self, value: Any) -> Any:
        names = value if isinstance(value, str) or value is None else [_country(code) for code in value]
        return super().prepare_value(names)

    def clean(self, value: Any) -> tuple[str, ...]:
        codes = {name.casefold(): code for lang in INTERFACE for code, name in country_choices(lang)}
        codes |= {code.casefold(): code for code in codes.values()}
        found = super().clean(value)
        unknown = [name for name in found if name.casefold() not in codes]
        if unknown:
            raise forms.ValidationError(_("No country is called %(name)s."), params={"name": unknown[0]})
        return tuple(dict.fromkeys(codes[name.casefold()] for name in found))


def _country(code: str) -> str:
    return country_name(code, get_language() or "en")


class NewGuide(forms.Form):
    """How a guide begins."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("One sentence that says what to do.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Guide.Kind.choices, initial=Guide.Kind.LESSON)
    language = forms.ChoiceField(
        label=_("Language"), help_text=_("The one you write in. Translations come afterwards.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, endonym(code)) for code in OFFERED]  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language()


class Writing(forms.Form):
    """One text and the guide's details. Only publishing asks for anything; a draft may be as bare as it is."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        help_text=_("In which context, what was done, what came of it, and why."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.CharField(
        label=_("Text"),
        help_text=_(
            "Markdown. Cite a source as [@key]. Begin a judgement with *Assessment:* and it is shown as one."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "md", "spellcheck": "true"}),
    )
    countries = CountriesField(label=_("Countries of the experience"), required=False)
    period_from = forms.IntegerField(
        label=_("From year"), required=False, min_value=YEARS[0], max_value=YEARS[1]
    )
    period_to = forms.IntegerField(label=_("To year"), required=False, min_value=YEARS[0], max_value=YEARS[1])
    topics = ListField(label=_("Topics"), required=False)
    target_groups = ListField(label=_("Target groups"), required=False)
    partners = ListField(label=_("Partners"), required=False)
    tags = ListField(label=_("Tags"), required=False)
    sources = ListField(
        label=_("Sources"), help_text=_("Their keys. What the text cites is added by itself."), required=False
    )
    review_by = forms.DateField(
        label=_("Review again by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    significance = forms.ChoiceField(
        label=_("What kind of change is it"), choices=Revision.Significance.choices, required=False
    )
    change_note = forms.CharField(label=_("What changed"), max_length=300, required=False)
    credits = forms.CharField(
        label=_("Written by"),
        max_length=300,
        required=False,
        help_text=_("If not only by you: the names as printed."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begun, ended = cleaned.get("period_from"), cleaned.get("period_to")
        if begun and ended and begun > ended:
            self.add_error("period_to", _("The period ends before it begins."))
        return cleaned

    def ready(self) -> bool:
        """Whether it can be published; says at the fields what is missing."""
        for name, words in (("title", _("A title is needed.")), ("body", _("There is no text yet."))):
            if name not in self.errors and not self.cleaned_data.get(name, "").strip():
                self.add_error(name, words)
        return self.is_valid()

    def text(self, facts: Any = None) -> Text:
        """The words as typed, whatever is wrong with other fields."""
        self.is_valid()
        title, summary, body = (
            str(self.cleaned_data.get(name, self.data.get(name, ""))) for name in ("title", "summary", "body")
        )
        return Text(title[:200], summary, body, facts or {})

    def details(self, before: Details) -> Details:
        """What is valid of the details; what is not stays as it was."""
        given = {
            name: self.cleaned_data.get(name, getattr(before, name)) for name in Details.__dataclass_fields__
        }
        given["review_by"] = (
            given["review_by"].isoformat() if hasattr(given["review_by"], "isoformat") else ""
        )
        return Details(**given)


class NewSource(forms.Form):
    """A source that nobody has cited yet. It stands inside the editor's form, which must go off without it."""

    use_required_attribute = False

    key = forms.CharField(label=_("Key"), max_length=40, help_text=_("Short, as it is cited: EE-01"))
    title = forms.CharField(label=_("Title"), max_length=400)
    publisher = forms.CharField(label=_("Publisher"), max_length=200, required=False)
    url = forms.URLField(label=_("Address"), max_length=1000, required=False, assume_scheme="https")
    year = forms.CharField(
        label=_("Year"), max_length=40, required=False, help_text=_("As printed: 2002, n.d.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Source.Kind.choices, required=False)

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not re.fullmatch(KEY, key):
            raise forms.ValidationError(_("Letters, digits and . _ : - between them."))
        if Source.objects.filter(key=key).exists():
            raise forms.ValidationError(_("There is a source with this key already."))
        return key


class Withdrawal(forms.Form):
    """Why a text no longer holds; its readers see it."""

    why = forms.CharField(label=_("Why"), max_length=300)


def initial(
    text: Text, details: Details, *, version: int, base: Revision | None, credits: str = ""
) -> dict[str, Any]:
    """What the editor's form opens with."""
    names: Sequence[str] = tuple(Details.__dataclass_fields__)
    return {
        **{name: getattr(details, name) for name in names},
        **{"title": text.title, "summary": text.summary, "body": text.body},
        **{"version": version, "base": base and base.pk, "significance": "minor", "credits": credits},
    }

"""Forms about oneself: the details asked at sign-up, the profile, the languages one reads."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.actions import Details
from accounts.models import User

MOST_LANGUAGES = 12


class ReadsWidget(forms.Widget):
    """A list of selects, the first language first; posts `<name>` several times."""

    template_name = "accounts/_reads_field.html"

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-1" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return (
            [code for code in data.getlist(name) if code] if hasattr(data, "getlist") else data.get(name, [])
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        chosen = list(value or [])
        codes = [*languages.OFFERED, *(code for code in chosen if code not in languages.OFFERED)]
        context["widget"] |= {
            "rows": list(enumerate([*chosen, *[""] * max(2, 4 - len(chosen))], 1)),
            "choices": [(code, languages.endonym(code)) for code in codes],
        }
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return mark_safe(render_to_string(self.template_name, self.get_context(name, value, attrs)))


class ReadsField(forms.Field):
    """Languages in the order one would rather read them; cleaned to a list of tags."""

    widget = ReadsWidget

    def to_python(self, value: Any) -> list[str]:
        codes = list(dict.fromkeys(str(code) for code in value or []))
        if not all(languages.valid(code) for code in codes):
            raise forms.ValidationError(_("That is not a language."), code="invalid")
        return [languages.tidy(code) for code in codes[:MOST_LANGUAGES]]


class AboutMe(forms.Form):
    """What people say about themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs={"autocomplete": "country"})
    )
    reads = ReadsField(
        label=_("Languages you read"), required=False,
        help_text=_("The one you like best first. Texts are shown in the first of these that exists."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = get_language() or "en"
        self.fields["country"].choices = [("", "—"), *languages.country_choices(lang)]  # type: ignore[attr-defined]
        self.fields["reads"].initial = [lang]

    def details(self) -> Details:
        """What was said, as the actions take it."""
        said = {"spoken": get_language() or "en", **self.cleaned_data}
        return {key: said[key] for key in Details.__annotations__ if key in said}  # type: ignore[return-value]


class SignupDetails(AboutMe):
    """Asked with e-mail and password at sign-up; the adapter stores it."""

    field_order = ["name", "email", "password1", "password2", "organisation", "country", "reads"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth asks for this; accounts.adapter.Adapter.save_user has stored everything already."""


class ProfileForm(AboutMe):
    zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        help_text=_("Leave it empty to follow the device you are using."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        organisation = (
            person.organisation.names.best([get_language() or "en"]).text if person.organisation else ""
        )
        initial = {"name": person.name, "country": person.country, "zone": person.zone}
        initial |= {"organisation": organisation}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["reads"].initial = person.reads
        self.fields["zone"].choices = zone_choices(get_language() or "en")  # type: ignore[attr-defined]


class ReadingForm(forms.Form):
    """The languages read on this device, for people who are not signed in."""

    reads = ReadsField(label=_("Languages you read"), required=False)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


def zone_choices(lang: str) -> list[Any]:
    """Cities by part of the world, for a select: [("Asia", [("Asia/Hovd", "Ховд"), …]), …]."""
    parts: dict[str, list[tuple[str, str]]] = {}
    for zone in languages.zones():
        parts.setdefault(zone.split("/")[0], []).append((zone, languages.city(zone, lang)))
    sea_and_land = [
        (part, sorted(cities, key=lambda pair: pair[1])) for part, cities in parts.items() if part != "UTC"
    ]
    return [("", "—"), ("UTC", "UTC"), *sea_and_land]

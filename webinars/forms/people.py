"""Inviting people and changing what is known of them."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import languages
from accounts.forms import ReadsField
from accounts.names import NamesFormField
from webinars.models import Participant, Role

from .joining import printable

# In the order in which people look for them; an attendee is everybody.
ROLES = [
    (Role.SPEAKER, _("Speaker")),
    (Role.MODERATOR, _("Moderator")),
    (Role.LANGUAGE_DESK, _("Language desk")),
    (Role.HOST, _("Host")),
]


class PersonForm(forms.Form):
    """Somebody with a part in the webinar, as they shall be shown in it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    roles = forms.MultipleChoiceField(
        label=_("Part"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    title = NamesFormField(label=pgettext_lazy("of a person", "Title"), required=False, text_max=300)
    organisation = forms.CharField(label=_("Organisation"), max_length=160, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    reads = ReadsField(label=_("Languages they read"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    send = forms.BooleanField(label=_("Send the link by e-mail"), required=False, initial=True)

    def __init__(self, data: Any = None, *, person: Participant | None = None) -> None:
        super().__init__(data, initial=_initial(person) if person else {})
        lang = get_language() or "en"
        self.fields["country"].choices = [("", "—"), *languages.country_choices(lang)]  # type: ignore[attr-defined]
        if person is not None:
            del self.fields["send"]

    def clean_name(self) -> str:
        name = printable(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name."), code="required")
        return name

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def details(self) -> dict[str, Any]:
        """As invite and change_person take them."""
        said = self.cleaned_data
        names = ("name", "title", "organisation", "country", "reads", "email", "roles")
        return {name: said[name] for name in names}


def _initial(person: Participant) -> dict[str, Any]:
    names = ("name", "title", "organisation", "country", "reads", "email", "roles")
    return {name: getattr(person, name) for name in names}

"""The forms of the first day: the code from the terminal, then the site and its first administrator in one."""

from typing import Any, TypedDict

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, tidy_email
from config.forms import SiteForm
from config.site_settings import Site

# Where a new site probably stands, by the language it is opened in; anything else is one choice away.
USUAL_ZONES = {"et": "Europe/Tallinn", "uk": "Europe/Kyiv", "mn": "Asia/Ulaanbaatar"}


class Administrator(TypedDict):
    """As config.actions.open_site takes them."""

    email: str
    password: str
    name: str


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=40,
        help_text=_("Ten signs, printed where the site was started. Only who runs the server can see them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class OpeningForm(SiteForm):
    """Everything a site needs on its first day. Nothing of it is stored before all of it can be."""

    publishes_at_once = None  # type: ignore[assignment]  # can wait until somebody makes a webinar
    person = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("You sign in with it. It is not shown to anybody."),
    )  # fmt: skip
    # What was typed stays when something else is not right yet; the page is never stored.
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=200, help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password_again = forms.CharField(
        label=_("The password once more"), strip=False, max_length=200,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, site: Site, zone: str = "", **kwargs: Any) -> None:
        super().__init__(*args, site=site, **kwargs)
        if kwargs.get("initial") is not None:
            return
        self.initial["language"] = get_language()  # whoever opens it in a language will want it first
        if site.zone == "UTC":
            self.initial["zone"] = zone or USUAL_ZONES.get(get_language() or "", "UTC")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("password") and "password_again" in said:
            if said["password"] != said["password_again"]:
                self.add_error("password_again", _("The two passwords differ."))
            try:
                validate_password(
                    said["password"], User(email=said.get("email", ""), name=said.get("person", ""))
                )
            except ValidationError as wrong:
                self.add_error("password", wrong)
        return said

    def administrator(self) -> Administrator:
        said = self.cleaned_data
        return {"email": said["email"], "password": said["password"], "name": said["person"]}

    def typed(self) -> dict[str, Any]:
        """Everything as it was sent, right or not, for the same form once more; a picture is kept by its name."""
        sent = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }
        try:
            picture = self.fields["logo"].clean(sent.pop("logo"))
        except ValidationError:
            picture = None
        return sent | ({"logo_kept": picture.file} if picture else {})

    def address(self) -> tuple[str, str]:
        """The e-mail alone: the address, or what is wrong with it."""
        try:
            return tidy_email(self.fields["email"].clean(self.data.get("email", ""))), ""
        except ValidationError:
            return "", gettext("Write your e-mail above first: the test letter goes there.")

"""The forms about the site itself: what it is called, who runs it, which languages it offers."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import zone_choices
from accounts.languages import endonym
from accounts.names import NamesFormField
from config import logo
from config.actions import SiteFacts
from config.models import AT_ONCE
from config.site_settings import Logo, Site

UNFIT = {
    "kind": _("This is no PNG, JPEG or WebP picture. Save it as one of these; SVG cannot be used here."),
    "large": _("The file is larger than 5 MB."),
    "pixels": _("The picture is too large: at most 20 million pixels."),
    "small": _("The picture is too small: at least 16 pixels each way."),
    "broken": _("The picture is damaged or cut off. Save it anew and try again."),
}


class LogoField(forms.FileField):
    """A picture; cleaned to the Logo it becomes, which is stored by then."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
        super().__init__(required=False, max_length=200, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Logo | None:
        upload = super().clean(data)
        if not upload:
            return None
        try:
            return logo.keep(upload.read(logo.LARGEST + 1))
        except logo.Unfit as unfit:
            raise forms.ValidationError(UNFIT[unfit.reason], code=unfit.reason) from unfit


class SiteForm(forms.Form):
    """What an administrator settles. A picture that was sent once is kept while the rest is put right."""

    name = NamesFormField(
        label=_("Name of the site"), text_max=60,
        help_text=_("It stands on every page and in every letter. One language is enough."),
    )  # fmt: skip
    logo = LogoField(
        label=_("Logo"), help_text=_("PNG, JPEG or WebP; it is made as small as the page needs it.")
    )
    logo_kept = forms.CharField(required=False, widget=forms.HiddenInput)
    logo_gone = forms.BooleanField(required=False, label=_("Show no logo"))
    logo_says_name = forms.BooleanField(
        required=False, label=_("The name is in the logo already: do not write it beside it")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the pages"), widget=forms.CheckboxSelectMultiple,
        help_text=_("What people write may be in any language, whatever you choose here."),
        error_messages={"required": _("Choose one at least.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("The first of them"),
        help_text=_("For readers whose browser asks for none of these languages."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Where nothing else is known: for new webinars, and in the lists.")
    )
    institution = NamesFormField(
        label=_("Institution that runs the site"), text_max=200, required=False,
        help_text=_("It answers for privacy and accessibility."),
    )  # fmt: skip
    contact_email = forms.EmailField(
        label=_("E-mail for questions about the site"), required=False,
        help_text=_("Everybody can see it: an address that several people read is best."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    publishes_at_once = forms.ChoiceField(
        label=_("Whose questions are shown at once"), widget=forms.RadioSelect,
        help_text=_("In new webinars. Each host can choose otherwise, also while one is running."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, site: Site, initial: Any = None, **kwargs: Any
    ):
        now = _settled(site) if initial is None else initial
        super().__init__(data, files, initial=now, **kwargs)
        self.site = site
        known = [(code, endonym(code)) for code, _name in settings.LANGUAGES]
        self._choose("languages", known)
        self._choose("language", known)
        self._choose("zone", zone_choices(get_language() or "en")[1:])
        if "publishes_at_once" not in self.fields:
            return
        words = (
            _("Nobody's: a moderator reads each one first"),
            _("Those of registered people"),
            _("Everybody's"),
        )
        self._choose("publishes_at_once", list(zip(AT_ONCE, words, strict=True)))

    def _choose(self, field: str, choices: list[Any]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def logo_shown(self) -> Logo | None:
        """The picture this form stands for at the moment: just sent, sent before, or the site's."""
        sent = getattr(self, "cleaned_data", {}).get("logo")
        return sent or logo.kept(str(self["logo_kept"].value() or "")) or self.site.logo

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("languages") and said.get("language") not in said["languages"]:
            self.add_error("language", _("Choose one of the languages of the pages."))
        return said

    def facts(self) -> SiteFacts:
        """As config.actions takes them."""
        said = self.cleaned_data
        picture = None if said["logo_gone"] else self.logo_shown
        if picture:
            picture = Logo(picture.file, picture.width, picture.height, said["logo_says_name"])
        facts: SiteFacts = {
            "name": said["name"],
            "logo": picture,
            "languages": [
                said["language"],
                *(code for code in said["languages"] if code != said["language"]),
            ],
            "zone": said["zone"],
            "institution": said["institution"],
            "contact_email": said["contact_email"],
        }
        if "publishes_at_once" in said:
            facts["publishes_at_once"] = said["publishes_at_once"]
        return facts


def _settled(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "logo_says_name": bool(site.logo and site.logo.says_name),
        "languages": list(site.languages),
        "language": site.language,
        "zone": site.zone,
        "institution": site.institution,
        "contact_email": site.contact_email,
        "publishes_at_once": site.publishes_at_once,
    }

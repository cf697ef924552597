"""Coming in: the join page, "I will attend", and the digits of a code."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import languages
from webinars.actions.people import MAX_PEOPLE_HERE
from webinars.models import Participant, Way, Webinar

CODE_DIGITS = 9
# Marks that turn the direction of the text behind them; joiners stay, some names are written with them.
TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JoinForm(forms.Form):
    """Who enters, from where, and how. Asked again with what was said last time."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    place = forms.CharField(label=_("Where from"), max_length=120, required=False)
    people_here = forms.IntegerField(
        label=_("How many people are at this screen"), min_value=1, max_value=MAX_PEOPLE_HERE, required=False
    )
    reads = forms.MultipleChoiceField(label=_("Languages you read"), required=False)
    way = forms.ChoiceField(label=_("How you take part"), choices=[(way, way) for way in Way.values])
    zone = forms.CharField(max_length=64, required=False)

    def __init__(
        self, data: Any, *, webinar: Webinar, person: Participant | None, reads: Sequence[str], **initial: str
    ) -> None:
        known = person.reads if person and person.reads else reads
        way = person.way if person and person.joined_at else initial.get("way", Way.PICTURE)
        if way == Way.SOUND and not webinar.picture_provider:  # not offered there: the room as it is
            way = Way.PICTURE
        super().__init__(
            data,
            initial={
                "name": person.name if person else initial.get("name", ""),
                "place": person.place if person else initial.get("place", ""),
                "people_here": person.people_here if person else 1,
                "way": way,
                "reads": list(known),
            },
        )
        self.offered = _in_order([*reads, *known, *webinar.languages, *languages.INTERFACE])
        self.fields["reads"].choices = [(code, languages.endonym(code)) for code in self.offered]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = printable(self.cleaned_data["name"])
        if not any(sign.isalnum() for sign in name):
            raise forms.ValidationError(_("Write your name."), code="required")
        return name

    def clean_place(self) -> str:
        return printable(self.cleaned_data["place"])

    def clean_zone(self) -> str:
        return languages.canonical_zone(self.cleaned_data["zone"])

    def details(self) -> dict[str, Any]:
        """As enter_webinar takes them. The interface's language is the first one read, when it is read at all."""
        said = dict(self.cleaned_data)
        here = get_language() or "en"
        chosen = set(said["reads"])
        said["reads"] = [code for code in _in_order([here, *self.offered]) if code in chosen] or [here]
        said["people_here"] = said["people_here"] or 1
        if not said["zone"]:
            del said["zone"]
        return said


class AttendForm(forms.Form):
    """ "I will attend": an address for the letter with the link, and what helps the speakers to prepare."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    country = forms.ChoiceField(
        label=_("Country"), required=False, widget=forms.Select(attrs={"autocomplete": "country"})
    )
    reads = forms.MultipleChoiceField(
        label=_("Languages you read"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, webinar: Webinar, reads: Sequence[str]) -> None:
        super().__init__(data, initial={"reads": list(reads)})
        here = get_language() or "en"
        self.offered = _in_order([*reads, *webinar.languages, *languages.INTERFACE])
        self.fields["reads"].choices = [(code, languages.endonym(code)) for code in self.offered]  # type: ignore[attr-defined]
        self.fields["country"].choices = [("", "—"), *languages.country_choices(here)]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def details(self) -> dict[str, Any]:
        chosen = set(self.cleaned_data["reads"])
        here = get_language() or "en"
        return {
            "email": self.cleaned_data["email"],
            "name": printable(self.cleaned_data["name"]),
            "country": self.cleaned_data["country"],
            "reads": [code for code in _in_order([here, *self.offered]) if code in chosen] or [here],
        }


def digits(typed: str) -> str:
    """The code as it is stored: people write it in groups, with spaces or hyphens, and in digits of any script."""
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in typed)
    return re.sub(r"[\s.\-–—]", "", plain)


def printable(text: str) -> str:
    """One line without control characters and without marks that turn the direction of what follows."""
    kept = "".join(
        sign for sign in text if unicodedata.category(sign) not in ("Cs", "Co") and sign not in TURNING
    )
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", kept)).split())


def _in_order(codes: Iterable[str]) -> list[str]:
    return [code for code in dict.fromkeys(codes) if languages.valid(code)]

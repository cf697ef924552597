"""Making and changing a webinar: its facts and its agenda, in several languages."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReadsField, zone_choices
from accounts.names import Names, NamesFormField
from config.site_settings import current
from webinars.actions.events import AgendaLine, start_of
from webinars.models import AgendaItem, AtOnce, Entry, Participant, Webinar
from webinars.stage.pasted import NotKnown, address_of, recognise

MOST_ITEMS = 30
MOST_ORGANISATIONS = 12


class TextsWidget(forms.Widget):
    """Several inputs of one name, with what is known already to pick from; posts the name several times."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.known: Sequence[str] = ()

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-1" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [" ".join(text.split()) for text in sent if text.strip()]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {
            "name": name,
            "rows": [*(value or []), "", ""],
            "known": self.known,
            "id": (attrs or {}).get("id", name),
        }
        return mark_safe(render_to_string("webinars/_texts_field.html", context))


class TextsField(forms.Field):
    """A list of short texts."""

    widget = TextsWidget

    def to_python(self, value: Any) -> list[str]:
        return [text[:200] for text in dict.fromkeys(value or [])][:MOST_ORGANISATIONS]


class WebinarForm(forms.Form):
    """Everything a host says about a webinar but its agenda and its people."""

    title = NamesFormField(label=_("Title"), text_max=200)
    description = NamesFormField(
        label=_("What it is about"), text_max=4000, multiline=True, required=False,
        help_text=_("What somebody should know who is thinking of coming."),
    )  # fmt: skip
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(
        label=_("Hour"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave it empty while only the day is known."),
    )  # fmt: skip
    zone = forms.ChoiceField(label=_("On the clock of"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=24 * 60, initial=90)
    languages = ReadsField(label=_("Languages spoken in it"), required=False)
    organisations = TextsField(
        label=_("Held by"), required=False, help_text=_("Pick an organisation or write a new one.")
    )
    series = forms.CharField(
        label=_("Series"), max_length=200, required=False,
        help_text=_("Webinars of one series are shown together."),
        widget=forms.TextInput(attrs={"list": "known-series"}),
    )  # fmt: skip
    entry = forms.ChoiceField(label=_("Who may enter"), widget=forms.RadioSelect, initial=Entry.ANYONE)
    publishes_at_once = forms.ChoiceField(
        label=_("Whose questions are shown at once"), widget=forms.RadioSelect, initial=AtOnce.NOBODY
    )
    speakers_see_pending = forms.BooleanField(
        label=_("Speakers see questions that wait for a moderator"), required=False
    )
    second_eye = forms.BooleanField(
        label=_("A second person approves every translation before it is shown"), required=False
    )
    picture = forms.CharField(
        label=_("Picture"), max_length=300, required=False,
        help_text=_("The address of a YouTube or Vimeo stream or of a Jitsi room. Viewers load it by a press."),
        widget=forms.URLInput(attrs={"placeholder": "https://www.youtube.com/watch?v=…"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, webinar: Webinar | None = None, zone: str = "",
        known_organisations: Sequence[str] = (), known_series: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_initial(webinar) if webinar else _usual(zone))
        self.known_series = known_series
        self.fields["organisations"].widget.known = known_organisations
        self.fields["zone"].choices = zone_choices(get_language() or "en")[1:]  # type: ignore[attr-defined]
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            (Entry.ANYONE, _("Anybody: a name is enough")),
            (Entry.REGISTERED, _("Who registered by e-mail or has an account")),
            (Entry.INVITED, _("Only invited people, by their own links")),
        ]
        self.fields["publishes_at_once"].choices = [  # type: ignore[attr-defined]
            (AtOnce.NOBODY, _("Nobody's: a moderator reads each one first")),
            (AtOnce.REGISTERED, _("Those of registered people")),
            (AtOnce.EVERYBODY, _("Everybody's")),
        ]

    def clean_picture(self) -> tuple[str, str]:
        try:
            return recognise(self.cleaned_data["picture"])
        except NotKnown as wrong:
            raise forms.ValidationError(
                _("This address is not known here. Paste one of YouTube, Vimeo or meet.jit.si."),
                code="picture",
            ) from wrong

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        day, hour, zone = said.get("day"), said.get("hour"), said.get("zone")
        if hour is not None and day is None and "day" not in self.errors:
            self.add_error("day", _("Say the day as well."))
        if day and hour and zone:
            local = datetime.combine(day, hour, tzinfo=ZoneInfo(zone))
            if local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(
                tzinfo=None
            ):
                self.add_error("hour", _("There is no such hour on that day: the clocks go forward."))
        return said

    def facts(self) -> dict[str, Any]:
        """The columns as create_webinar and edit_webinar take them; series and organisations come apart."""
        said = self.cleaned_data
        provider, picture_id = said["picture"]
        names = ("title", "description", "day", "minutes", "zone", "languages", "entry", "publishes_at_once",
                 "speakers_see_pending", "second_eye")  # fmt: skip
        return {name: said[name] for name in names} | {
            "starts_at": start_of(said["day"], said["hour"], said["zone"]),
            "picture_provider": provider,
            "picture_id": picture_id,
        }


class AgendaForm(forms.Form):
    """One point of the agenda. An empty one is no point."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = NamesFormField(label=_("What"), text_max=200)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=600, required=False)
    speakers = forms.MultipleChoiceField(label=_("Who"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, speakers: Sequence[Participant] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["speakers"].choices = [(str(person.pk), person.name) for person in speakers]  # type: ignore[attr-defined]


AgendaSet: Any = forms.formset_factory(
    AgendaForm, extra=3, can_order=True, can_delete=True, max_num=MOST_ITEMS, validate_max=True
)


def agenda_set(data: Any, items: Sequence[AgendaItem], speakers: Sequence[Participant]) -> Any:
    initial = [
        {
            "pk": item.pk,
            "title": item.title,
            "minutes": item.minutes,
            "speakers": [str(person.pk) for person in item.speakers.all()],
        }
        for item in items
    ]
    return AgendaSet(data, initial=initial, prefix="agenda", form_kwargs={"speakers": speakers})


def agenda_lines(formset: Any) -> list[AgendaLine]:
    """What is left and new, in the order of the numbers; those without a number come last."""
    filled = [
        form
        for form in formset.forms
        if form.cleaned_data.get("title") and not form.cleaned_data.get("DELETE")
    ]
    order = {id(form): (form.cleaned_data.get("ORDER") or 10_000, place) for place, form in enumerate(filled)}
    return [
        AgendaLine(
            form.cleaned_data["title"],
            form.cleaned_data.get("minutes"),
            form.cleaned_data.get("pk"),
            tuple(int(pk) for pk in form.cleaned_data.get("speakers", ())),
        )
        for form in sorted(filled, key=lambda form: order[id(form)])
    ]


def _usual(zone: str) -> dict[str, Any]:
    """What a new webinar begins with: on the clock of its host, published as this site does."""
    site = current()
    return {"zone": zone or site.zone, "publishes_at_once": site.publishes_at_once}


def _initial(webinar: Webinar) -> dict[str, Any]:
    reads = [get_language() or "en"]
    start = webinar.local_start
    return {
        "title": webinar.title,
        "description": webinar.description,
        "day": webinar.local_day,
        "hour": start.time() if start else None,
        "zone": webinar.zone,
        "minutes": webinar.minutes,
        "languages": webinar.languages,
        "organisations": [one.names.best(reads).text for one in webinar.organisations.all()],
        "series": webinar.series.name.best(reads).text if webinar.series else "",
        "entry": webinar.entry,
        "publishes_at_once": webinar.publishes_at_once,
        "speakers_see_pending": webinar.speakers_see_pending,
        "second_eye": webinar.second_eye,
        "picture": address_of(webinar.picture_provider, webinar.picture_id),
    }


def best_names(names: Sequence[Names]) -> list[str]:
    """What to pick from, in the reader's language."""
    return sorted({one.best([get_language() or "en"]).text for one in names} - {""})

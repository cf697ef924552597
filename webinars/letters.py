"""Writes the letters that actions asked for: in the reader's language, with the portable link and a calendar entry."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from config import jobs
from config.site_settings import current
from webinars import addresses, ics
from webinars.models import Participant, State
from webinars.when import when_of

KINDS = frozenset({"registered", "invited", "link"})


@jobs.handles("webinars.letter")
def send_letter(payload: dict[str, Any]) -> None:
    """One letter, as things stand now: who was removed, only rehearses, or whose webinar was cancelled gets none."""
    people = Participant.objects.present().select_related("webinar")
    person = people.filter(pk=payload["person"]).first()
    if person is None or payload["kind"] not in KINDS or person.webinar.state == State.CANCELLED:
        return
    if person.webinar.is_rehearsal:  # nobody outside learns of it
        return
    to = payload.get("to") or person.email
    if not to:
        return
    language = addresses.language_of(person)
    with translation.override(language):
        letter = _letter(person, payload["kind"], to, language)
    letter.send()


def _letter(person: Participant, kind: str, to: str, language: str) -> EmailMessage:
    webinar = person.webinar
    link = addresses.link_of(person)
    context = {
        "person": person,
        "webinar": webinar,
        "title": " ".join(webinar.title.best([language, *person.reads]).text.split()),
        "when": when_of(webinar, also=[person.zone]),
        "link": link,
        "page": addresses.absolute(addresses.address(webinar)),
        "site_name": current().called(language, *person.reads),
        "contact_email": current().contact_email,
    }
    subject = " ".join(render_to_string(f"webinars/mail/{kind}_subject.txt", context).split())
    letter = EmailMessage(subject, render_to_string(f"webinars/mail/{kind}.txt", context), to=[to])
    calendar = ics.entry(webinar, language=language, url=link)
    if calendar is not None and kind != "link":
        letter.attach("webinar.ics", calendar.decode(), "text/calendar; method=PUBLISH; charset=utf-8")
    return letter

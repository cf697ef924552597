"""Writes the letters that actions asked for: in the reader's language, with the portable link and a calendar entry."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.writing import writing
from config import jobs
from config.site_settings import current
from webinars import addresses, ics
from webinars.models import Delivery, Participant, State, Visibility
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


@jobs.handles("webinars.answer")
def send_answer(payload: dict[str, Any]) -> None:
    """One answer to one asker who left an address. It is marked as begun before it leaves: it never leaves twice.

    Only a letter that the mail server refused is tried again.
    """
    delivery = (
        Delivery.objects.select_related("answer__question__webinar", "answer__speaker", "participant__user")
        .filter(pk=payload["delivery"], begun_at=None)
        .first()
    )
    if delivery is None:
        return
    person, question = delivery.participant, delivery.answer.question
    to = person.email or (person.user.email if person.user else "")
    gone = person.removed_at is not None or (person.user is not None and not person.user.is_active)
    if not to or gone or question.visibility != Visibility.PUBLISHED or question.webinar.is_rehearsal:
        return
    with translation.override(addresses.language_of(person)):
        letter = _answer_letter(delivery, to)
    with writing():
        mine = Delivery.objects.filter(pk=delivery.pk, begun_at=None).update(begun_at=timezone.now())
    if not mine:
        return
    try:
        letter.send()
    except Exception:
        with writing():
            Delivery.objects.filter(pk=delivery.pk).update(begun_at=None)
        raise
    with writing():
        Delivery.objects.filter(pk=delivery.pk).update(sent_at=timezone.now())


def _answer_letter(delivery: Delivery, to: str) -> EmailMessage:
    person, answer = delivery.participant, delivery.answer
    question, webinar = answer.question, answer.question.webinar
    language = addresses.language_of(person)
    own = (
        question
        if question.participant_id == person.pk
        else question.asked_again.filter(participant=person).first()
    )
    context = {
        "person": person,
        "question": own or question,
        "asks_the_same": question if own is not None and own != question else None,
        "answer": answer,
        "by": answer.speaker.name if answer.speaker else answer.owner,
        "title": " ".join(webinar.title.best([language, *person.reads]).text.split()),
        "link": f"{addresses.link_of(person)}?to=q-{(own or question).pk}",
        "site_name": current().called(language, *person.reads),
        "contact_email": current().contact_email,
    }
    subject = " ".join(render_to_string("webinars/mail/answer_subject.txt", context).split())
    return EmailMessage(subject, render_to_string("webinars/mail/answer.txt", context), to=[to])


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

"""How an answer, whoever gives it and what is said of it stand on the wire."""

from collections import Counter
from typing import Any

from django.db.models import Case, F, Max, OuterRef, Subquery, Value, When

from webinars.models import (
    Answer,
    AnswerKind,
    AskerSays,
    Participant,
    Question,
    StaffNote,
    Visibility,
    Webinar,
)
from webinars.models.questions import QuestionQuerySet

from . import changes
from .part import Json

UNHAPPY_FIRST = Case(When(says__in=changes.UNHAPPY, then=Value(0)), default=Value(1))


def for_whom(question: Question) -> tuple[int | str, ...]:
    """For whose prompter it is: whoever is to answer it, was asked, or is from the country that was."""
    whom = (question.assigned_to_id, question.addressed_to_id, question.addressed_country)
    return tuple(dict.fromkeys(one for one in whom if one))


def to_confirm(question: Question, given: list[Answer]) -> tuple[int, ...]:
    """Who has still to say that what was written down of the last answer is right."""
    if question.visibility != Visibility.PUBLISHED or not given:
        return ()
    last = given[-1]
    if not last.gist or last.confirmed_at is not None:
        return ()
    speakers = (
        [last.speaker_id, *(one.pk for one in last.turn.speakers.all())] if last.turn else [last.speaker_id]
    )
    return tuple(dict.fromkeys(pk for pk in speakers if pk))


def note_row(note: StaffNote) -> Json:
    return {"id": note.pk, "text": note.text, "by": note.by.name if note.by else "", "at": ms(note.at)}


def answered_last(questions: QuestionQuerySet) -> list[int]:
    """Ids in the desk's order: those whose asker is not content with the last answer, then as they were answered."""
    done = questions.annotate(says=_last_word(), last=Max("answers__given_at"))
    order = (UNHAPPY_FIRST, F("last").desc(nulls_last=True), "-pk")
    return list(done.order_by(*order).values_list("pk", flat=True)[: changes.ANSWERED])


def judged(questions: QuestionQuerySet) -> dict[str, int]:
    """How many askers say what of the last answer."""
    judged_once = questions.filter(answers__asker_says__in=AskerSays.values).distinct()
    said = judged_once.annotate(says=_last_word()).values_list("pk", "says").order_by()
    return dict(Counter(word for _, word in said if word))


def _last_word() -> Subquery:
    """What the asker says of the last answer."""
    given = Answer.objects.filter(question=OuterRef("pk")).exclude(kind=AnswerKind.PROMISED)
    return Subquery(given.order_by("-pk").values("asker_says")[:1])


def answer_row(answer: Answer, webinar: Webinar) -> Json:
    start = webinar.started_at
    second = int((answer.given_at - start).total_seconds()) if start and answer.given_at >= start else None
    out: Json = {"id": answer.pk, "kind": answer.kind, "at": ms(answer.given_at), "second": second}
    if answer.kind == AnswerKind.PROMISED:
        return out | {"owner": answer.owner, "due": answer.due.isoformat() if answer.due else None}
    if answer.gist:
        out |= {"gist": answer.gist, "lang": answer.language, "confirmed": answer.confirmed_at is not None}
        if answer.changed_since_at is not None:
            out["changed"] = True
    speakers = [answer.speaker, *(answer.turn.speakers.all() if answer.turn else ())]
    named = {person.pk: speaker_row(person) for person in speakers if person is not None}
    if named:
        out["speaker"], *more = named.values()
        if more:
            out["with"] = more
    return out


def speaker_row(person: Participant) -> Json:
    return {
        "id": person.pk,
        "name": person.name,
        "country": person.country,
        "title": dict(person.title.texts),
    }


def ms(instant: Any) -> int | None:
    return int(instant.timestamp() * 1000) if instant else None

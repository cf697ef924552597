"""What is found of webinars: every answered question with its gist, for those who may read it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from config import jobs
from knowledge.search import Entry, remove_entries, replace_entries
from knowledge.search.finding import PUBLIC
from webinars import policies
from webinars.addresses import address
from webinars.live.admission import SEATS
from webinars.models import AnswerKind, NameShown, Participant, Question, Webinar

KIND = "answer"


def key_of(question_id: int) -> str:
    return f"question:{question_id}"


@jobs.handles("webinars.index_question")
def index_question(payload: dict[str, Any]) -> None:
    """The question as it stands now; one that is hidden or unanswered is found no more."""
    pk = int(payload["question"])
    question = _answered().filter(pk=pk).first()
    if question is None:
        remove_entries(key_of(pk))
    else:
        replace_entries(key_of(pk), entries_for(question))


@jobs.handles("webinars.index_webinar")
def index_webinar(payload: dict[str, Any]) -> None:
    """All answered questions of a webinar, after it became public or stopped being so."""
    for question in _answered().filter(webinar=payload["webinar"]):
        replace_entries(key_of(question.pk), entries_for(question))


def everything() -> Iterator[tuple[str, list[Entry]]]:
    """Every answered question with its key, for a reindex."""
    for question in _answered().iterator(chunk_size=200):
        yield key_of(question.pk), entries_for(question)


def entries_for(question: Question) -> list[Entry]:
    """One entry in the question's language and, where the answer is in another, one in that: both lead to it.

    Nothing of who asked is in it but the country, and that only where the asker shows themselves.
    """
    answers = [a for a in question.answers.all() if a.kind != AnswerKind.PROMISED and (a.gist or a.text)]
    said: dict[str, list[str]] = {question.language: []}
    for answer in answers:
        said.setdefault(answer.language or question.language, []).append(answer.text or answer.gist)
    webinar = question.webinar
    with translation.override("en"):
        url = address(webinar).removeprefix("/en")
    countries = [a.speaker.country for a in answers if a.speaker]
    if question.name_shown == NameShown.ALL:
        countries.append(question.participant.country)
    return [
        Entry(
            content_type="question",
            object_id=question.pk,
            lang=language,
            kind=KIND,
            title=question.text,
            text="\n".join(texts),
            url=f"{url}?question={question.pk}",
            anchor=f"q-{question.pk}",
            countries=tuple(dict.fromkeys(filter(None, countries))),
            scope=PUBLIC if webinar.is_open_book else f"webinar:{webinar.pk}",
            published_at=answers[-1].given_at if answers else question.published_at,
        )
        for language, texts in said.items()
    ]


def scopes_of(request: HttpRequest) -> set[str]:
    """What somebody may find beyond the public: the webinars they are in, and those whose desk they keep."""
    found: set[str] = set()
    for person in _seats(request):
        found.add(f"webinar:{person.webinar_id}")
        if policies.can(person, "see_pending"):
            found.add(f"staff:{person.webinar_id}")
    return found


def _seats(request: HttpRequest) -> list[Participant]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return []
    present = Participant.objects.present().exclude(webinar__state="draft")
    if request.user.is_authenticated:
        return list(present.filter(user=request.user))
    held = [pk for pk in request.session.get(SEATS, {}).values() if isinstance(pk, int)]
    return list(present.filter(pk__in=held)) if held else []


def _answered() -> Any:
    open_to_somebody = Webinar.objects.public()
    found = (
        Question.objects.answered()
        .filter(webinar__in=open_to_somebody)
        .select_related("webinar", "participant")
    )
    return found.prefetch_related("answers__speaker")

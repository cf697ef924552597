"""What is found of webinars: questions with their gists, and promises, by those who may read them.

Everybody finds what was answered; people in a room all that is published in it; its staff what is not public, too.
"""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils import translation

from config import jobs
from knowledge.search import Entry, replace_entries
from knowledge.search.finding import PUBLIC
from webinars import policies
from webinars.addresses import address, promise_address
from webinars.live.admission import SEATS
from webinars.live.changes import PUT_ASIDE
from webinars.models import (
    Answer,
    AnswerKind,
    Commitment,
    NameShown,
    Participant,
    Question,
    State,
    Visibility,
    Webinar,
)
from webinars.models.events import WITH_ROOM
from webinars.terms import terms_in

KIND = "answer"
ASKED = "question"
PROMISE = "promise"
# What the staff of a room find there although it is not, or no longer, public.
FOR_STAFF = {Visibility.SUBMITTED, *PUT_ASIDE}


def key_of(question_id: int) -> str:
    return f"question:{question_id}"


def key_of_promise(promise_id: int) -> str:
    return f"promise:{promise_id}"


@jobs.handles("webinars.index_question")
def index_question(payload: dict[str, Any]) -> None:
    """The question as it stands now; one that nobody may read is found no more."""
    pk = int(payload["question"])
    question = _with_answers(Question.objects.filter(pk=pk)).first()
    replace_entries(key_of(pk), entries_for(question) if question else [])


@jobs.handles("webinars.index_webinar")
def index_webinar(payload: dict[str, Any]) -> None:
    """All that is found of a webinar, after its room opened or closed, or it became public or stopped being so."""
    for question in _with_answers(Question.objects.filter(webinar=payload["webinar"])):
        replace_entries(key_of(question.pk), entries_for(question))
    for promise in _promised().filter(webinar=payload["webinar"]):
        replace_entries(key_of_promise(promise.pk), entries_for_promise(promise))


@jobs.handles("webinars.index_promise")
def index_promise(payload: dict[str, Any]) -> None:
    """A promise as it stands now; one that was deleted is found no more."""
    pk = int(payload["promise"])
    promise = _promised().filter(pk=pk).first()
    replace_entries(key_of_promise(pk), entries_for_promise(promise) if promise else [])


def everything() -> Iterator[tuple[str, list[Entry]]]:
    """Every question that somebody may find, with its key, for a reindex."""
    for question in _found().iterator(chunk_size=200):
        if entries := entries_for(question):
            yield key_of(question.pk), entries


def every_promise() -> Iterator[tuple[str, list[Entry]]]:
    """The same for promises."""
    for promise in _promised().iterator(chunk_size=200):
        yield key_of_promise(promise.pk), entries_for_promise(promise)


def entries_for(question: Question) -> list[Entry]:
    """One entry in each language that something of it is told in, renditions and those merged into it included: all
    lead to it.

    Nothing of who asked is in it but the country, and that only where the asker shows themselves.
    """
    scope = _scope_of(question)
    if not scope:
        return []
    given = [a for a in question.answers.all() if a.kind != AnswerKind.PROMISED]
    answers = [a for a in given if a.gist or a.text]
    said: dict[str, list[str]] = {question.language: []}
    for answer in answers:
        said.setdefault(answer.language or question.language, []).append(answer.text or answer.gist)
    for same in question.merged:
        if same.participant.removed_at or same.participant.muted_at:
            continue
        said.setdefault(same.language, []).append(same.text)
    titles = {question.language: question.text}
    for one in question.renditions.all():
        if one.text and not one.waits:
            texts = said.setdefault(one.language, [])
            if one.answer_id is None:
                titles.setdefault(one.language, one.text)
            else:
                texts.append(one.text)
    countries = [a.speaker.country for a in answers if a.speaker]
    if question.name_shown == NameShown.ALL and not question.is_on_behalf:
        countries.append(question.participant.country)
    with translation.override("en"):
        there = address(question.webinar).removeprefix("/en")
    is_public = question.visibility == Visibility.PUBLISHED
    topics = terms_in(titles.items())
    return [
        Entry(
            content_type="question",
            object_id=question.pk,
            lang=language,
            kind=KIND if given else ASKED,
            title=titles.get(language, question.text),
            text="\n".join(texts),
            url=f"{there}?question={question.pk}" if is_public else f"{there}console/?open={question.pk}",
            anchor=f"q-{question.pk}",
            countries=tuple(dict.fromkeys(filter(None, countries))),
            topics=topics,
            scope=scope,
            published_at=answers[-1].given_at if answers else question.published_at,
        )
        for language, texts in said.items()
    ]


def _scope_of(question: Question) -> str:
    """Who finds it: everybody, who is in the webinar, its staff, or nobody ("")."""
    webinar = question.webinar
    if webinar.state == State.DRAFT or webinar.is_rehearsal:
        return ""
    if question.visibility != Visibility.PUBLISHED:
        return f"staff:{webinar.pk}" if webinar.has_room and question.visibility in FOR_STAFF else ""
    is_answered = any(answer.kind != AnswerKind.PROMISED for answer in question.answers.all())
    if is_answered and webinar.is_open_book:
        return PUBLIC
    return f"webinar:{webinar.pk}" if is_answered or webinar.has_room else ""


def found_here(webinar: Webinar) -> str:
    """What the addresses of everything that is found of a webinar's questions begin with."""
    return f"/webinars/{webinar.pk}-"


def entries_for_promise(promise: Commitment) -> list[Entry]:
    """One entry in each language it is told in, with all that became of it in that language."""
    with translation.override("en"):
        url = promise_address(promise).removeprefix("/en")
    organisation = promise.organisation
    notes = [step.note for step in promise.steps.all()]
    webinar = promise.webinar
    found = []
    for language, text in promise.text.texts.items():
        told = [names.texts.get(language, "") for names in (promise.quote, promise.due_words, *notes)]
        of = organisation.names.best([language]).text if organisation else ""
        found.append(
            Entry(
                content_type="promise",
                object_id=promise.pk,
                lang=language,
                kind=PROMISE,
                title=text,
                text="\n".join(filter(None, [promise.owner, of, *told])),
                url=url,
                countries=(organisation.country,) if organisation and organisation.country else (),
                scope=PUBLIC if webinar.is_open_book else f"webinar:{webinar.pk}",
                published_at=promise.said_at or webinar.starts_at or _start_of(webinar),
            )
        )
    return found


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


def _found() -> Any:
    """Those that can be found by anybody at all."""
    given = Answer.objects.filter(question=OuterRef("pk")).exclude(kind=AnswerKind.PROMISED)
    answered = Q(Exists(given), visibility=Visibility.PUBLISHED)
    in_a_room = Q(webinar__state__in=WITH_ROOM, visibility__in=[Visibility.PUBLISHED, *FOR_STAFF])
    return _with_answers(Question.objects.filter(answered | in_a_room, webinar__in=Webinar.objects.public()))


def _with_answers(questions: Any) -> Any:
    answers = Prefetch("answers", queryset=Answer.objects.select_related("speaker").order_by("id"))
    found = questions.with_merged().select_related("webinar", "participant")
    return found.prefetch_related(answers, "renditions")


def _promised() -> Any:
    found = Commitment.objects.filter(webinar__in=Webinar.objects.public()).order_by("pk")
    return found.select_related("webinar", "organisation").prefetch_related("steps")


def _start_of(webinar: Webinar) -> datetime | None:
    """The day of a webinar whose hour nobody knows, as an instant."""
    day = webinar.local_day
    return datetime.combine(day, time(), tzinfo=webinar.clock) if day else None

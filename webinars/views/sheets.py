"""What hosts take along as tables: the people of their webinar, its questions with the answers, its opinions."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import journal
from accounts.writing import writing
from webinars.models import (
    AnswerKind,
    NameShown,
    Opinion,
    OpinionState,
    Participant,
    Question,
    Visibility,
    Webinar,
)
from webinars.models.events import PAST
from webinars.sheets import sheet

from .editing import hosted
from .joining import signed_in


@never_cache
@require_safe
def people_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Who was invited, registered or came: what the page of people shows its hosts."""
    webinar, _ = hosted(request, pk, "people")
    head = [
        gettext("Number"), gettext("Name"), pgettext("of a person", "Title"), gettext("Organisation"),
        gettext("Country"), gettext("Place"), gettext("E-mail"), gettext("Part"), gettext("Registered"),
        gettext("First came"),
    ]  # fmt: skip
    everybody = Participant.objects.present().filter(webinar=webinar).order_by("pk")
    rows = (
        [
            one.pk, one.name, one.title.best([get_language() or "en"]).text, one.organisation, one.country,
            one.place, one.email, " ".join(one.roles), _time(one.registered_at, webinar),
            _time(one.joined_at, webinar),
        ]
        for one in everybody
    )  # fmt: skip
    return file_of(request, webinar, "people.csv", sheet(head, rows))


@never_cache
@require_safe
def questions_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """All questions that were not taken back. Who asked stands beside those asked with the name, and nowhere else."""
    webinar, _ = hosted(request, pk, "people")
    head = [
        gettext("Number"), gettext("Question"), gettext("Language"), gettext("State"), gettext("Votes"),
        gettext("Asked"), gettext("Asked by"), gettext("Answer"), gettext("Answered by"),
    ]  # fmt: skip
    return file_of(request, webinar, "questions.csv", sheet(head, _questions(webinar)))


def _questions(webinar: Webinar) -> Iterator[list[object]]:
    kept = Question.objects.filter(webinar=webinar).exclude(
        visibility__in=(Visibility.WITHDRAWN, Visibility.TROUBLE, Visibility.OPINION)
    )
    for question in kept.with_all().order_by("pk"):
        answers = [one for one in question.answers.all() if one.kind != AnswerKind.PROMISED]
        yield [
            question.pk, question.text, question.language, question.visibility, question.votes,
            _time(question.asked_at, webinar), asker_of(question, webinar),
            "\n".join(one.text or one.gist for one in answers if one.text or one.gist),
            ", ".join(dict.fromkeys(one.speaker.name for one in answers if one.speaker and one.speaker.name)),
        ]  # fmt: skip


@never_cache
@require_safe
def opinions_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """All opinions that were not taken back, with how many stand where; who stands where is in no table."""
    webinar, _ = hosted(request, pk, "people")
    head = [
        gettext("Number"), gettext("Opinion"), gettext("Language"), gettext("State"), gettext("Agree"),
        gettext("Disagree"), gettext("Skip"), gettext("Said"), gettext("Said by"),
    ]  # fmt: skip
    gone = (OpinionState.WITHDRAWN, OpinionState.MOVED)
    kept = Opinion.objects.filter(webinar=webinar).exclude(visibility__in=gone).select_related("participant")
    rows = (
        [
            one.pk, one.text, one.language, one.visibility, one.agree, one.disagree, one.skip,
            _time(one.said_at, webinar), one.participant.name if _is_named(one, webinar) else "",
        ]
        for one in kept.order_by("pk")
    )  # fmt: skip
    return file_of(request, webinar, "opinions.csv", sheet(head, rows))


def asker_of(question: Question, webinar: Webinar) -> str:
    """Who asked, where everybody may read it; "" elsewhere."""
    if not _is_named(question, webinar):
        return ""
    return question.on_behalf_of if question.is_on_behalf else question.participant.name


def _is_named(thing: Question | Opinion, webinar: Webinar) -> bool:
    """A file goes further than a screen: only names that everybody may read, and after the end those that are kept."""
    return thing.name_shown == NameShown.ALL and (webinar.state not in PAST or thing.archive_keeps_name)


def _time(at: datetime | None, webinar: Webinar) -> str:
    """On the clock of the webinar, with its distance from UTC."""
    return at.astimezone(ZoneInfo(webinar.zone)).isoformat(sep=" ", timespec="minutes") if at else ""


def file_of(request: HttpRequest, webinar: Webinar, name: str, content: bytes) -> HttpResponse:
    """To be saved under that name; the journal knows who took it along."""
    with writing():
        journal.note(
            journal.What.EXPORTED,
            by=signed_in(request),
            detail=f"webinar {webinar.pk}: {name.partition('.')[0]}",
        )
    kind = "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="webinar-{webinar.pk}-{name}"'
    return answer

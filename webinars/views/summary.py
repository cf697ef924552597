"""The report of a webinar: a page to print, a table and data. It is passed on as a file, never as a link."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.languages import offered
from webinars.addresses import slug_of
from webinars.live.reading import row_of
from webinars.live.texts import Shown, shown_of
from webinars.models import Webinar
from webinars.sheets import sheet
from webinars.summary import Answered, Summary, data_of, summary_of
from webinars.when import when_of

from .editing import hosted
from .joining import reads_of
from .reading import people_of, zones_of
from .sheets import asker_of, file_of


@dataclass(frozen=True, slots=True)
class Line:
    """A question as the report shows it to its reader, its answer in short, and who asked where that may be read."""

    one: Answered
    words: Shown
    gist: Shown | None
    asker: str


@never_cache
@require_safe
def summary(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """For hosts and moderators; in any language of the site, by its address. Before the end it says so."""
    webinar, _ = hosted(request, pk, "summary")
    found = summary_of(webinar)
    people = people_of(webinar)
    reads = reads_of(request)
    context = {
        "webinar": webinar,
        "slug": slug_of(webinar),
        "found": found,
        "came": found.came,
        "when": when_of(webinar, also=zones_of(people)),
        "speakers": [person for person in people if person.has("speaker")],
        "organisations": list(webinar.organisations.all()),
        "most_wanted": [line_of(one, webinar, reads) for one in found.most_wanted],
        "in_short": [line_of(one, webinar, reads) for one in found.in_short],
        "owed": [line_of(one, webinar, reads) for one in found.owed],
        "reads": reads,
        "offered": offered(),
        "now": get_language(),
    }
    return render(request, "webinars/summary.html", context)


@never_cache
@require_safe
def summary_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """All published questions with what became of them."""
    webinar, _ = hosted(request, pk, "summary")
    head = [
        gettext("Number"), gettext("Question"), gettext("Language"), gettext("Votes"), gettext("Asked by"),
        gettext("Country"), gettext("State"), gettext("Answer"), gettext("Answered by"), gettext("Confirmed"),
        gettext("Due"), gettext("Reason"),
    ]  # fmt: skip
    rows = [list(row.values()) for row in _rows(summary_of(webinar))]
    return file_of(request, webinar, "report.csv", sheet(head, rows))


@never_cache
@require_safe
def summary_data(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The same as the page, for programs."""
    webinar, _ = hosted(request, pk, "summary")
    found = summary_of(webinar)
    data = data_of(found, _rows(found), reads_of(request))
    content = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return file_of(request, webinar, "report.json", content)


def _rows(found: Summary) -> list[dict[str, Any]]:
    """What a file says of each question. Who asked stands where everybody may read it, and nowhere else."""
    return [
        {
            "number": one.question.pk,
            "question": one.question.text,
            "language": one.question.language,
            "votes": one.question.votes,
            "asked_by": asker_of(one.question, found.webinar),
            "country": "" if one.question.is_on_behalf else one.question.participant.country,
            "state": state_of(one),
            "answer": (one.answer.text or one.answer.gist) if one.answer else "",
            "answered_by": one.by,
            "confirmed": bool(one.answer and one.answer.confirmed_at),
            "due": one.due.isoformat() if one.due and not one.answer else "",
            "reason": one.question.closed_reason,
        }
        for one in found.questions
    ]


def state_of(one: Answered) -> str:
    if one.answer:
        return "answered"
    if one.promise:
        return "promised"
    return "closed" if one.question.closed_reason else "open"


def line_of(one: Answered, webinar: Webinar, reads: Sequence[str]) -> Line:
    """In the first language the reader reads that somebody has put it into."""
    row = row_of(one.question, webinar).everyone or {}
    given = next((answer for answer in reversed(row["answers"]) if answer["kind"] != "promised"), None)
    gist = shown_of(given, reads, "gist") if given and given.get("gist") else None
    return Line(one, shown_of(row, reads), gist, asker_of(one.question, webinar))

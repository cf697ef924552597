"""The table of polls that hosts take along: results, and who chose what only where the form said so."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from webinars.models import Poll, PollKind, PollState, Webinar
from webinars.sheets import sheet

from .editing import hosted
from .sheets import file_of


@never_cache
@require_safe
def polls_sheet(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """What was asked of everybody and what they answered; who chose what only of polls with names."""
    webinar, _ = hosted(request, pk, "people")
    head = [
        gettext("Number"), gettext("Poll"), gettext("How it is answered"), gettext("State"), gettext("Answer"),
        gettext("Votes"), gettext("People who answered"), gettext("Who"),
    ]  # fmt: skip
    return file_of(request, webinar, "polls.csv", sheet(head, _polls(webinar)))


def _polls(webinar: Webinar) -> Iterator[list[object]]:
    reads = [get_language() or "en"]
    asked = Poll.objects.there().filter(webinar=webinar).exclude(state=PollState.DRAFT)
    for poll in asked.prefetch_related("options").order_by("pk"):
        whole = [poll.pk, poll.text.best(reads).text, poll.kind, poll.state]
        chose = _who_chose(poll)
        for option in poll.options.all():
            words = option.text.best(reads).text or option.place + 1
            yield [*whole, words, option.votes, poll.ballots, "; ".join(chose.get(option.place, ()))]
        if poll.kind == PollKind.TEXT:
            for text, who in _said(poll):
                yield [*whole, text, 1, poll.ballots, who]


def _who_chose(poll: Poll) -> dict[int, list[str]]:
    """Names by the place of what they chose. Of a secret poll not even the rows are read."""
    if poll.is_secret:
        return {}
    found: dict[int, list[str]] = {}
    for chosen, name in poll.cast.order_by("participant").values_list("chosen", "participant__name"):
        for place in range(chosen.bit_length()):
            if chosen >> place & 1 and name:
                found.setdefault(place, []).append(name)
    return found


def _said(poll: Poll) -> Iterator[tuple[str, str]]:
    """What was written and not hidden; where it is secret in the order of its letters, which tells nothing."""
    kept = poll.cast.exclude(text="").filter(is_hidden=False)
    if poll.is_secret:
        yield from ((text, "") for text in kept.order_by("text").values_list("text", flat=True))
    else:
        yield from kept.order_by("pk").values_list("text", "participant__name")

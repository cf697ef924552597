"""All that a person asked: where each question stands, what was answered or promised, which lesson it became."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knowledge.models import Edition, Guide
from webinars.live.reading import row_of
from webinars.models import Answer, AnswerKind, Appeal, Commitment, Question, Visibility, appeal_of

from .archive import Answered, answered_of
from .joining import reads_of, signed_in
from .reading import cards_of_lessons, listed
from .room_page import fate
from .seats import seats_of

A_PAGE = 50
Lesson = tuple[Guide, Edition]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one's own. `elsewhere` is the published question that asks the same.

    Merged into that one (`is_merged`), it fares as that one does, and its answers are those.
    """

    question: Question
    fate: str
    says: str
    answers: Answered
    elsewhere: Question | None
    promises: list[Commitment]
    lessons: list[Lesson]
    is_merged: bool
    appeal: Appeal | None


@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """Of every webinar for who is signed in, of those whose link this browser opened for a guest; ?webinar= is one.

    A stranger reads how one gets here. As many queries for two hundred questions as for one.
    """
    people = seats_of(request)
    only = request.GET.get("webinar", "")
    if only.isascii() and only.isdigit() and len(only) < 19:
        people = [one for one in people if one.webinar_id == int(only)]
    promises = Prefetch("commitments", queryset=Commitment.objects.shown().select_related("webinar"))
    heard = Prefetch(
        "into__answers", queryset=Answer.objects.select_related("speaker", "turn").order_by("id")
    )
    asked = Question.objects.asked_by(people).with_all().select_related("webinar")
    found = asked.prefetch_related(promises, heard)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    lessons = _lessons(request, page)
    groups = [
        (listed(webinar), [_asked(one, lessons) for one in questions])
        for webinar, questions in groupby(page, key=lambda one: one.webinar)
    ]
    context = {
        "page": page,
        "groups": groups,
        "seated": [listed(one.webinar) for one in people[:A_PAGE]],
        "signed_in": signed_in(request),
        "reads": reads_of(request),
        "back": request.get_full_path(),
    }
    return render(request, "webinars/my_questions.html", context)


def _lessons(request: HttpRequest, page: Iterable[Question]) -> dict[int, Lesson]:
    ids = {citation.guide_id for question in page for citation in question.citations.all()}
    if not ids:
        return {}
    cards = cards_of_lessons(request, Guide.objects.published().filter(pk__in=ids))
    return {guide.pk: (guide, edition) for guide, edition in cards}


def _asked(question: Question, lessons: dict[int, Lesson]) -> Asked:
    cited = dict.fromkeys(citation.guide_id for citation in question.citations.all())
    into = question.into
    is_merged = into is not None and question.visibility == Visibility.MERGED
    stands = into if into is not None and is_merged else question
    given = [answer for answer in question.answers.all() if answer.kind != AnswerKind.PROMISED]
    heard = stands if stands.visibility == Visibility.PUBLISHED else question
    own = row_of(question, question.webinar).own
    if is_merged:
        own |= {
            "head": {"visibility": stands.visibility, "floor": stands.floor},
            "closed": stands.closed_reason,
        }
        own |= {"answers": list(heard.answers.all())}
    return Asked(
        question=question,
        fate=fate(own),
        says=given[-1].asker_says if given else "",
        answers=answered_of(heard, question.webinar),
        elsewhere=into if into is not None and into.visibility == "published" else None,
        promises=list(question.commitments.all()),
        lessons=[lessons[pk] for pk in cited if pk in lessons],
        is_merged=is_merged,
        appeal=appeal_of(question),
    )

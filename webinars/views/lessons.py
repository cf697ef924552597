"""From a question to a lesson's draft, and from a guide back to where it was asked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from knowledge.models import Guide
from knowledge.related import Mention
from webinars.actions.deed import Refused, deed
from webinars.actions.lessons import draft_lesson
from webinars.addresses import address
from webinars.models import Citation

from .joining import signed_in
from .seats import find_webinar, seat_of
from .words import refusal


@login_required
@require_POST
def draft(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Makes the draft and opens it in the editor."""
    webinar = find_webinar(request, pk)
    user = signed_in(request)
    assert user is not None
    seat = seat_of(request, webinar)
    asked = request.POST.get("question", "")
    try:
        if not webinar.is_open_book and seat is None:
            raise Refused("not_found")
        with deed(webinar.pk, by=seat, user=user) as done:
            made = draft_lesson(
                done,
                int(asked) if asked.isascii() and asked.isdigit() else 0,
                user=user,
                language=get_language() or "en",
            )
    except Refused as refused:
        messages.error(request, refusal(refused.code, refused.facts))
        return redirect(address(webinar))
    return redirect("knowledge:edit", pk=made.edition.guide_id, language=made.edition.language)


def asked_in_webinars(guide: Guide) -> list[Mention]:
    """What the page of a guide says of the questions it answers. One query."""
    cited = Citation.objects.filter(guide=guide).exclude(quote="").select_related("webinar", "question")
    return [
        Mention(
            quote=citation.quote,
            language=citation.language,
            anchor=citation.anchor,
            speaker=citation.speaker,
            said_at=citation.said_at,
            title=str(citation.webinar.title),
            url=f"{address(citation.webinar)}?question={citation.question_id}#q-{citation.question_id}",
        )
        for citation in cited.order_by("pk")
        if citation.webinar is not None
        and citation.webinar.is_open_book
        and citation.question is not None
        and citation.question.visibility == "published"
    ]

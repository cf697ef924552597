"""Answers that were promised go to those who asked: queued in the deed that writes them, each once and never twice."""

from django.db.models import Q

from config import jobs
from webinars.models import Answer, Delivery, Participant, Visibility


def deliver_later(answer: Answer) -> None:
    """To the asker, and to those whose own question was found to ask the same. A link shows it to all of them."""
    asked = Q(questions=answer.question) | Q(
        questions__into=answer.question, questions__visibility__in=(Visibility.DECLINED, Visibility.MERGED)
    )
    own = Q(questions__came_by="", questions__on_behalf_of="")
    for person in Participant.objects.admitted().filter(asked, own).distinct():
        delivery, is_new = Delivery.objects.get_or_create(answer=answer, participant=person)
        if is_new:
            jobs.enqueue("webinars.answer", {"delivery": delivery.pk}, key=f"answer-{delivery.pk}")

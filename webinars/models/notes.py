"""What the desk keeps beside a question and its answer: notes for staff, and to whom an answer was sent."""

from typing import Self

from django.db import models
from django.utils import timezone

from .people import Participant
from .questions import Answer, Question


class StaffNoteQuerySet(models.QuerySet["StaffNote"]):
    """Questions about staff notes."""

    def standing(self) -> Self:
        """Those that were not taken back, the first first, with who wrote them."""
        return self.filter(taken_back_at=None).select_related("by").order_by("id")


class StaffNote(models.Model):
    """A line from one moderator or host to the others about a question. Nobody else ever reads it."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="notes")
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = StaffNoteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:60]


class Delivery(models.Model):
    """An answer on its way to one asker. `begun_at` is written before the letter leaves: it never leaves twice.

    Where `begun_at` stands alone for long, the site stopped in between, and nobody knows whether the letter left.
    """

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="deliveries")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="deliveries")
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["answer", "participant"], name="an_answer_once_a_person")
        ]

    def __str__(self) -> str:
        return f"answer {self.answer_id} to {self.participant_id}"

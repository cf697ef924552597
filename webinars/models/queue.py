"""The speaking queue: who asks to speak, in the order they asked, and what became of it."""

from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from .events import Webinar
from .people import Participant


class Stands(models.TextChoices):
    """Where somebody who asked to speak stands."""

    WAITING = "waiting"
    CALLED = "called"
    SPEAKING = "speaking"
    DONE = "done"
    MISSED = "missed"  # called, and could not be reached
    WITHDRAWN = "withdrawn"
    OVER = "over"  # the webinar ended before their turn


UP = (Stands.SPEAKING, Stands.CALLED, Stands.WAITING)
FINISHED = (Stands.DONE, Stands.MISSED)


class HandQuerySet(models.QuerySet["Hand"]):
    """Questions about hands."""

    def up(self) -> Self:
        """Of people who wait, are called or speak, and are still here; as they stand in the queue."""
        rank = Case(*(When(stands=stands, then=Value(n)) for n, stands in enumerate(UP)))
        return self.filter(stands__in=UP, participant__removed_at=None).order_by(rank, "pk")

    def waiting(self) -> Self:
        """In the order they asked, the same for everybody."""
        return self.filter(stands=Stands.WAITING, participant__removed_at=None).order_by("pk")

    def finished(self) -> Self:
        """Had their turn or missed it, the last one first."""
        return self.filter(stands__in=FINISHED, participant__removed_at=None).order_by("-stood_at", "-pk")


class Hand(models.Model):
    """Somebody asks to speak. The id is the place in the queue: whoever asked first stands first.

    `stood_at`: since when it stands as it does; `reason`: why it was called before others who had waited longer.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="hands")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="hands")
    client_id = models.UUIDField()
    text = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16, blank=True)
    stands = models.CharField(max_length=10, choices=Stands, default=Stands.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    stood_at = models.DateTimeField(default=timezone.now)

    objects = HandQuerySet.as_manager()

    class Meta:
        constraints = [
            # A retry after a lost line is the same request.
            models.UniqueConstraint(fields=["participant", "client_id"], name="one_hand_a_client_id"),
            models.UniqueConstraint(
                fields=["webinar", "participant"], condition=Q(stands__in=UP), name="one_hand_up_a_person"
            ),
            models.UniqueConstraint(
                fields=["webinar"], condition=Q(stands=Stands.SPEAKING), name="one_speaks_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["webinar", "stands"])]

    def __str__(self) -> str:
        return f"{self.participant}: {self.stands}"

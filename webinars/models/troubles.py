"""Something does not work: what people in a room tell the staff, and nobody else."""

from typing import Self

from django.db import models
from django.utils import timezone

from .events import Webinar
from .people import Participant, Way
from .questions import Question


class TroubleKind(models.TextChoices):
    """What does not work, in the words people have for it; the words stand in templates."""

    SOUND = "sound"
    PICTURE = "picture"
    INTERPRETATION = "interpretation"
    TEXT = "text"
    OTHER = "other"


class TroubleQuerySet(models.QuerySet["Trouble"]):
    """Questions about troubles."""

    def open(self) -> Self:
        """Nobody has said that it is mended."""
        return self.filter(solved_at=None)


class Trouble(models.Model):
    """One report by one person. It is never public, takes no votes, and is read by moderators and hosts alone.

    `question` is set when a moderator found that a question was such a report; `way` is how its reporter took part
    at that moment: no sound means another thing to somebody who reads the text-only room.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="troubles")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="troubles")
    client_id = models.UUIDField()
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="troubles")
    kind = models.CharField(max_length=16, choices=TroubleKind)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    way = models.CharField(max_length=8, choices=Way, blank=True)
    at = models.DateTimeField(default=timezone.now)
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TroubleQuerySet.as_manager()

    class Meta:
        constraints = [
            # A retry after a lost line is the same report.
            models.UniqueConstraint(fields=["participant", "client_id"], name="one_trouble_a_client_id"),
        ]
        indexes = [
            models.Index(
                fields=["webinar"], condition=models.Q(solved_at__isnull=True), name="open_troubles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:60]}"

"""Reactions: how many of each kind in each minute of a webinar, and never whose."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Sum

from .events import Webinar


class Reaction(models.TextChoices):
    """What one can say without words; the words stand in templates."""

    CLAP = "clap"
    HEART = "heart"
    AGREE = "agree"
    IDEA = "idea"


class ReactionSumQuerySet(models.QuerySet["ReactionSum"]):
    """Questions about what was reacted."""

    def by_kind(self) -> dict[str, int]:
        """How many of each kind in all."""
        return dict(self.order_by().values_list("kind").annotate(Sum("count")))

    def since(self, at: datetime) -> Self:
        return self.filter(minute__gte=at)

    def by_minute(self) -> dict[datetime, int]:
        """How many in each minute, whatever their kind."""
        return dict(self.order_by("minute").values_list("minute").annotate(Sum("count")))


class ReactionSum(models.Model):
    """How many reactions of one kind came in one minute."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="reaction_sums")
    minute = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Reaction)
    count = models.PositiveIntegerField()

    objects = ReactionSumQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webinar", "minute", "kind"], name="one_reaction_sum_a_minute")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.minute:%H:%M}: {self.count}"

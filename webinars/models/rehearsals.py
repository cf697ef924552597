"""Rehearsals: a sandbox copy of a webinar, and the audience that is made up for it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .events import Webinar

LONGEST = timedelta(minutes=60)


class AudienceQuerySet(models.QuerySet["MadeUpAudience"]):
    """Questions about made-up audiences."""

    def due(self, now: datetime | None = None) -> Self:
        """Those that should be asking and voting, and that no process keeps going.

        Of one table alone: it is asked every two seconds, and nobody shall wait for it.
        """
        now = now or timezone.now()
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        return self.filter(free, ends_at__gt=now).order_by("pk")


class MadeUpAudience(models.Model):
    """What a rehearsal is filled with, so much a minute; it runs while `ends_at` lies ahead.

    `lease_until`: the process that keeps it going says so every few seconds; should it die, another goes on.
    """

    webinar = models.OneToOneField(Webinar, models.CASCADE, related_name="made_up_audience")
    people = models.PositiveSmallIntegerField(default=50)
    questions_a_minute = models.PositiveSmallIntegerField(default=6)
    votes_a_minute = models.PositiveSmallIntegerField(default=60)
    languages = models.JSONField(default=list, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)  # how many of the examples were asked so far

    objects = AudienceQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.people} made-up people"

    def is_going(self, now: datetime | None = None) -> bool:
        return self.ends_at is not None and self.ends_at > (now or timezone.now())

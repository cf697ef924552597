"""Opinions: short statements that people agree with, disagree with or skip; and who stands where."""

from typing import Self

from django.db import models
from django.db.models import Count
from django.utils import timezone

from .events import Webinar
from .people import Participant
from .questions import NameShown, Question, Reason

MAX_OPINION = 200  # graphemes: one statement, so that it is clear what is agreed with


class OpinionState(models.TextChoices):
    """Where an opinion stands. `moved`: it was a question after all, and is among the questions."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    DECLINED = "declined"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"


class Side(models.TextChoices):
    """What a person says to an opinion. A stand that was taken back has none."""

    AGREE = "agree"
    DISAGREE = "disagree"
    SKIP = "skip"


class OpinionQuerySet(models.QuerySet["Opinion"]):
    """Questions about opinions."""

    def published(self) -> Self:
        """In the order in which they were published, for ever: what is new stands at the end, and nothing moves."""
        return self.filter(visibility=OpinionState.PUBLISHED).order_by("published_at", "id")

    def said_by(self, participant: int) -> Self:
        """Their own that are neither taken back nor among the questions, the newest first."""
        gone = (OpinionState.WITHDRAWN, OpinionState.MOVED)
        return self.filter(participant=participant).exclude(visibility__in=gone).order_by("-id")


class Opinion(models.Model):
    """A statement by a participant, moderated like a question (models/questions.py), without floor and answers.

    `agree`, `disagree` and `skip` count its stands. `seq` is the webinar's seq of the last change of the row, its
    counts apart. `question` is the question it was, or became.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="opinions")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="opinions")
    question = models.OneToOneField(
        Question, models.SET_NULL, null=True, blank=True, related_name="as_opinion"
    )
    client_id = models.UUIDField()
    text = models.TextField()
    language = models.CharField(max_length=16)
    visibility = models.CharField(max_length=10, choices=OpinionState, default=OpinionState.SUBMITTED)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    reason_note = models.CharField(max_length=500, blank=True)
    name_shown = models.CharField(max_length=10, choices=NameShown, default=NameShown.ALL)
    archive_keeps_name = models.BooleanField(default=True)
    agree = models.PositiveIntegerField(default=0)
    disagree = models.PositiveIntegerField(default=0)
    skip = models.PositiveIntegerField(default=0)
    said_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    seq = models.BigIntegerField(default=0)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        constraints = [
            # A retry after a lost line finds the first one: nothing is posted twice.
            models.UniqueConstraint(fields=["participant", "client_id"], name="one_opinion_a_client_id"),
        ]
        indexes = [models.Index(fields=["webinar", "visibility"])]

    def __str__(self) -> str:
        return self.text[:60]


class StandQuerySet(models.QuerySet["Stand"]):
    """Questions about stands: never who, only how many."""

    def sides_by_country_and_roles(self, webinar: int) -> list[tuple[int, str, str, list[str], int]]:
        """(opinion, agree or disagree, country, roles, how many people) of what is published; skips take no side."""
        taken = self.filter(
            opinion__webinar=webinar,
            opinion__visibility=OpinionState.PUBLISHED,
            side__in=(Side.AGREE, Side.DISAGREE),
        )
        groups = taken.values_list("opinion", "side", "participant__country", "participant__roles")
        return list(groups.annotate(people=Count("pk")).order_by())


class Stand(models.Model):
    """Where one person stands to one opinion. `side` is absolute: a retry changes nothing, and no row is deleted."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="stands")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="stands")
    side = models.CharField(max_length=8, choices=Side, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = StandQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "opinion"], name="one_stand_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} → {self.opinion_id}"

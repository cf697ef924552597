"""What a webinar leaves behind: acts, notices, and citations in the knowledge base."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.names import NamesField
from knowledge.models import Guide

from .events import Webinar
from .opinions import Opinion
from .people import Participant
from .questions import Question

# What a moderator decides about a question, as the ledger counts it (webinars/ledger.py).
DECISIONS = ("publish", "return", "decline", "asked_already", "merge", "split", "hide", "move", "unmerge")


class ActQuerySet(models.QuerySet["Act"]):
    """Questions about what was done."""

    def decisions(self) -> Self:
        """Each decision on each question that stands, in the order they were taken; one press may have been several.

        The act that holds such a press together names its parts: it is none itself.
        """
        found = self.filter(verb__in=DECISIONS, undone_by=None, question__isnull=False)
        return found.exclude(before__has_key="parts").order_by("pk")


class Act(models.Model):
    """Who did what, why and when: append-only. `before` holds what an undo needs to put back.

    `read_in` is the language of the rendition a decision was taken on, "" where the words themselves were read.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="acts")
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="acts")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=32)
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="acts")
    opinion = models.ForeignKey(Opinion, models.CASCADE, null=True, blank=True, related_name="acts")
    reason = models.CharField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)
    read_in = models.CharField(max_length=16, blank=True)
    before = models.JSONField(default=dict, blank=True)
    undone_by = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="undoes")
    at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField(default=0)

    objects = ActQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["webinar", "at"]), models.Index(fields=["question", "at"])]

    def __str__(self) -> str:
        return f"{self.verb} #{self.question_id or self.webinar_id}"


class To(models.TextChoices):
    """Whom a notice is for."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    SPEAKERS = "speakers"


class Notice(models.Model):
    """A line from staff, in its languages."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="notices")
    to = models.CharField(max_length=10, choices=To, default=To.EVERYBODY)
    text = NamesField(text_max=500, multiline=True)
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.text)


class CitationQuerySet(models.QuerySet["Citation"]):
    """Questions about citations."""

    def public(self) -> Self:
        """Those whose guide has a published edition."""
        return self.filter(guide__editions__state="published").distinct()


class Citation(models.Model):
    """A section of a guide ↔ a question, with its own copy of quote, speaker and time.

    The copy is what keeps the guide true when a recording goes or words are blanked.
    """

    guide = models.ForeignKey(Guide, models.CASCADE, related_name="citations")
    anchor = models.CharField(max_length=80, blank=True)
    webinar = models.ForeignKey(Webinar, models.SET_NULL, null=True, related_name="citations")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, blank=True, related_name="citations")
    quote = models.TextField()
    language = models.CharField(max_length=16)
    speaker = models.CharField(max_length=200, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "question"],
                condition=models.Q(question__isnull=False),
                name="a_guide_cites_a_question_once",
            )
        ]

    def __str__(self) -> str:
        return self.quote[:60]

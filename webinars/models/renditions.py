"""Renditions: a text of the room in another language, made by a person, from the original or from another rendition."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from .events import Webinar
from .outcomes import Notice
from .people import Participant
from .questions import Answer, Question

LEASE = timedelta(minutes=3)  # whoever took a text has it for so long; typing renews it


class MadeAs(models.TextChoices):
    """As what somebody wrote it: readers are told this and no name."""

    ASKER = "asker"
    LANGUAGE_DESK = "language_desk"
    MODERATOR = "moderator"
    HOST = "host"


class RenditionQuerySet(models.QuerySet["Rendition"]):
    """Questions about renditions."""

    def of(self, target: Question | Answer | Notice) -> Self:
        """Those of one question's words, one gist or one notice."""
        if isinstance(target, Question):
            return self.filter(question=target, answer=None)
        return self.filter(answer=target) if isinstance(target, Answer) else self.filter(notice=target)

    def written(self) -> Self:
        """With words, not merely taken."""
        return self.exclude(text="")

    def run_out(self, now: datetime) -> Self:
        """Taken, and the time is over."""
        return self.filter(holder__isnull=False, lease_until__lte=now)


class Rendition(models.Model):
    """The words of a question, of an answer's gist or of a notice in one more language.

    What is wanted has no row: it follows from who is here and what they read (live/jobs.py). A row begins when
    somebody takes it (`holder` until `lease_until`) or writes it. `made_from` is the language of the rendition it was
    made from, "" for the original, and `source` a copy of those words: a rendition is stale when they are others now,
    or are stale themselves. `version` counts the texts, so that nobody overwrites words they have not seen. `waits` is
    for a second eye, where the webinar wanted one when it was written.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="renditions")
    question = models.ForeignKey(
        Question, models.CASCADE, null=True, blank=True, related_name="renditions"
    )  # of an answer: the question it answers
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, blank=True, related_name="renditions")
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, blank=True, related_name="renditions")
    language = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    made_from = models.CharField(max_length=16, blank=True)
    source = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="renditions")
    made_as = models.CharField(max_length=16, choices=MadeAs, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    waits = models.BooleanField(default=False)
    approved_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    holder = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "language"],
                condition=Q(answer__isnull=True, question__isnull=False),
                name="one_rendition_of_a_question_a_language",
            ),
            models.UniqueConstraint(
                fields=["answer", "language"],
                condition=Q(answer__isnull=False),
                name="one_rendition_of_a_gist_a_language",
            ),
            models.UniqueConstraint(
                fields=["notice", "language"],
                condition=Q(notice__isnull=False),
                name="one_rendition_of_a_notice_a_language",
            ),
        ]
        indexes = [
            models.Index(fields=["webinar"], condition=Q(holder__isnull=False), name="renditions_taken"),
            models.Index(fields=["webinar", "language"], name="renditions_in_a_language"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"

    def is_held(self, now: datetime) -> bool:
        """Has somebody taken it, and is their time not over?"""
        return self.holder_id is not None and self.lease_until is not None and self.lease_until > now


def stale_among(renditions: Iterable[Rendition], original: str) -> set[str]:
    """The languages whose words were made from words that are others now, or stale themselves.

    `renditions`: all of one thing, `original`: its words. What leads back to nothing is stale, too.
    """
    by_language = {one.language: one for one in renditions if one.text}
    fresh: set[str] = set()
    growing = True
    while growing:
        growing = False
        for language, one in by_language.items():
            if language not in fresh and _is_fresh(one, original, by_language, fresh):
                fresh.add(language)
                growing = True
    return by_language.keys() - fresh


def _is_fresh(one: Rendition, original: str, others: Mapping[str, Rendition], fresh: set[str]) -> bool:
    if not one.made_from:
        return one.source == original
    return one.made_from in fresh and one.source == others[one.made_from].text

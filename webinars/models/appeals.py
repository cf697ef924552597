"""An appeal: the asker of a declined question asks somebody else to look at it, once."""

from typing import Self

from django.db import models
from django.utils import timezone

from .people import Participant
from .questions import Question, Reason


class Outcome(models.TextChoices):
    """What became of an appeal; "" while it waits."""

    GRANTED = "granted"
    UPHELD = "upheld"  # the decision stands
    RETURNED = "returned"  # the asker may write it anew
    DROPPED = "dropped"  # the asker took the question back


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Questions about appeals."""

    def open(self) -> Self:
        """Nobody has decided on them."""
        return self.filter(outcome="")


class Appeal(models.Model):
    """One sentence to another moderator. While it is open its question waits in review like any other.

    `against` is who declined the question, `reason` and `note` what they said: whoever decides reads all three.
    """

    question = models.OneToOneField(Question, models.CASCADE, related_name="appeal")
    text = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    against = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    def __str__(self) -> str:
        return f"appeal for question {self.question_id}"


def appeal_of(question: Question) -> Appeal | None:
    """The appeal for a question, read with it where `Question.objects.with_all()` read the question."""
    return getattr(question, "appeal", None)

"""What somebody promised in a webinar ("promise" to readers), and how it stood from time to time."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.names import NamesField
from knowledge.models import Source

from .events import Webinar
from .questions import Question

SOON = timedelta(days=60)


class Standing(models.TextChoices):
    """How a promise stands."""

    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    LAPSED = "lapsed"


# Of these something is still to come: they can be due, and overdue.
UNSETTLED = (Standing.OPEN, Standing.PARTLY)


class Exact(models.TextChoices):
    """How exactly a date is known. A month stands as its first day, a year as its first of January."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Questions about promises."""

    def shown(self) -> Self:
        """Of webinars whose words everybody may read."""
        return self.filter(webinar__in=Webinar.objects.open_books())

    def unsettled(self) -> Self:
        return self.filter(standing__in=UNSETTLED)

    def overdue(self, today: date) -> Self:
        return self.unsettled().filter(due__lt=today)

    def due_soon(self, today: date) -> Self:
        """Not settled, and due within two months or since as long, the soonest first."""
        return self.unsettled().filter(due__range=(today - SOON, today + SOON)).order_by("due", "pk")

    def in_order(self) -> Self:
        """What is still to come by when it is due, then what is settled, the latest first."""
        settled = Case(When(standing__in=UNSETTLED, then=Value(0)), default=Value(1))
        to_come = Case(When(standing__in=UNSETTLED, then=F("due")))
        return self.order_by(settled, to_come.asc(nulls_last=True), F("due").desc(nulls_last=True), "-pk")

    def for_list(self) -> Self:
        """With what a list shows beside them; `told_at` and `told_exact` say of which day the note is."""
        steps = CommitmentStep.objects.filter(commitment=OuterRef("pk")).order_by("-at", "-pk")
        newest = {f"told_{name}": Subquery(steps.values(name)[:1]) for name in ("at", "exact")}
        return self.select_related("webinar", "organisation").annotate(**newest)


class Commitment(models.Model):
    """What somebody promised. `quote` is how it was said; `figure_then` of `figure_goal` was reached on that day.

    `standing`, `figure_now` and `note` are how it stands now: those of the newest step (actions/promises.py).
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="commitments")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, blank=True, related_name="commitments")
    text = NamesField(text_max=500, multiline=True)
    quote = NamesField(blank=True, text_max=1000, multiline=True)
    owner = models.CharField(max_length=160)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    due = models.DateField(null=True, blank=True)
    due_words = NamesField(blank=True)
    figure_then = models.PositiveIntegerField(null=True, blank=True)
    figure_now = models.PositiveIntegerField(null=True, blank=True)
    figure_goal = models.PositiveIntegerField(null=True, blank=True)
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.OPEN)
    note = NamesField(blank=True, text_max=1000, multiline=True)
    said_at = models.DateTimeField(null=True, blank=True)
    sources = models.ManyToManyField(Source, blank=True, related_name="commitments")

    objects = CommitmentQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.text)

    @property
    def said_on(self) -> date | None:
        """The day it was said, on the webinar's clock."""
        if self.said_at is None:
            return self.webinar.local_day
        return timezone.localtime(self.said_at, self.webinar.clock).date()

    def is_overdue(self, today: date) -> bool:
        return self.standing in UNSETTLED and self.due is not None and self.due < today


class CommitmentStep(models.Model):
    """How a promise stood on a day, who wrote it down, and what that rests on."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="steps")
    at = models.DateField()
    exact = models.CharField(max_length=5, choices=Exact, default=Exact.DAY)
    standing = models.CharField(max_length=8, choices=Standing)
    figure_now = models.PositiveIntegerField(null=True, blank=True)
    note = NamesField(blank=True, text_max=1000, multiline=True)
    sources = models.ManyToManyField(Source, blank=True, related_name="commitment_steps")
    by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["commitment", "at"])]

    def __str__(self) -> str:
        return f"{self.at}: {self.standing}"

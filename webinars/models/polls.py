"""Polls: a question to the room with options, stars or a few words; who answered, and what."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.names import NamesField

from .events import Webinar
from .people import Participant

MAX_OPTIONS = 12
MIN_OPTIONS = 2
RATINGS = 5
MAX_POLLS = 40  # of one webinar: all of them travel in a snapshot
MAX_ANSWER = 140  # graphemes of a short text
TEXT_MAX = 300
OPTION_MAX = 120


class PollKind(models.TextChoices):
    """How it is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    RATING = "rating"
    TEXT = "text"


class PollState(models.TextChoices):
    """Closed is not published: until then the desk alone sees results."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


WITH_OPTIONS = (PollKind.SINGLE, PollKind.MULTIPLE)
ONE_CHOICE = (PollKind.SINGLE, PollKind.RATING)


class PollQuerySet(models.QuerySet["Poll"]):
    """Questions about polls."""

    def there(self) -> Self:
        """Without those that were thrown away."""
        return self.filter(dropped_at=None)

    def shown(self) -> Self:
        """Those whose results everybody may read."""
        return self.there().filter(state=PollState.PUBLISHED)

    def with_options(self) -> Self:
        """Newest first, with their options in order: two queries."""
        return self.prefetch_related("options").order_by("-id")


class Poll(models.Model):
    """One question to everybody. `seq` moves with what it says and how it stands, never with a ballot.

    Options keep their ids and words from the first ballot on. A rating has five without words. `on_wall`: a moderator
    put it on the projector.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="polls")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=PollKind)
    text = NamesField(text_max=TEXT_MAX)
    is_secret = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=PollState, default=PollState.DRAFT)
    on_wall = models.BooleanField(default=False)
    ballots = models.PositiveIntegerField(default=0)  # how many people have answered
    by = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    seq = models.BigIntegerField(default=0)

    objects = PollQuerySet.as_manager()

    class Meta:
        constraints = [
            # A retry after a lost line is the same poll.
            models.UniqueConstraint(fields=["webinar", "client_id"], name="one_poll_a_client_id"),
            models.UniqueConstraint(
                fields=["webinar"], condition=Q(on_wall=True), name="one_poll_on_the_wall"
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def takes_one(self) -> bool:
        return self.kind in ONE_CHOICE


class PollOption(models.Model):
    """One thing to choose; its `place` is its bit in a ballot. `votes`: how many chose it."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    place = models.PositiveSmallIntegerField()
    text = NamesField(text_max=OPTION_MAX, blank=True)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["poll", "place"], name="one_option_a_place")]

    def __str__(self) -> str:
        return str(self.text) or str(self.place + 1)


class PollBallot(models.Model):
    """What one person answers: the options chosen as bits by place, or words. Of a secret poll nobody is shown who.

    One row a person and poll, and where one may be chosen one bit: the database holds both.
    """

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="cast")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="ballots")
    chosen = models.PositiveSmallIntegerField(default=0)
    is_single = models.BooleanField(default=False)
    text = models.CharField(max_length=MAX_ANSWER * 8, blank=True)
    language = models.CharField(max_length=16, blank=True)
    is_hidden = models.BooleanField(default=False)  # a moderator took the words out of what is published
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "participant"], name="one_ballot_a_person"),
            models.CheckConstraint(
                condition=Q(is_single=False) | Q(chosen__in=[0, *(1 << n for n in range(MAX_OPTIONS))]),
                name="one_choice_a_ballot",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.poll_id}"

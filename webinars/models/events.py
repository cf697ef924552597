"""Webinars, the series they belong to, and their agenda."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.names import NamesField

if TYPE_CHECKING:
    from .people import Participant


class State(models.TextChoices):
    """Where a webinar stands. Going live and ending are a host's press, never automatic."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LOBBY = "lobby"
    LIVE = "live"
    HOLD = "hold"
    WRAP_UP = "wrap_up"
    ENDED = "ended"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


# From each state to those a host may choose next.
NEXT_STATES: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.SCHEDULED,),
    State.SCHEDULED: (State.LOBBY, State.LIVE, State.POSTPONED, State.CANCELLED),
    State.LOBBY: (State.LIVE, State.SCHEDULED, State.POSTPONED, State.CANCELLED),
    State.LIVE: (State.HOLD, State.WRAP_UP, State.ENDED),
    State.HOLD: (State.LIVE, State.WRAP_UP, State.ENDED),
    State.WRAP_UP: (State.LIVE, State.ENDED),
    State.ENDED: (State.WRAP_UP, State.PUBLISHED),
    State.PUBLISHED: (State.ENDED,),
    State.POSTPONED: (State.SCHEDULED, State.CANCELLED),
    State.CANCELLED: (State.SCHEDULED,),
}
RUNNING = (State.LOBBY, State.LIVE, State.HOLD, State.WRAP_UP)
COMING = (State.SCHEDULED, State.POSTPONED)
PAST = (State.ENDED, State.PUBLISHED)
# As they stand in a list of what is on now.
BY_LIFE = (State.LIVE, State.HOLD, State.WRAP_UP, State.LOBBY)
# What a room has beside its questions. Each has a column `<part>_seq`: the webinar's seq at which it moved last.
PARTS = ("polls", "opinions", "queue", "jobs")
# After its hour, or the beginning of its day, a webinar nobody began is not awaited any longer.
MISSED_AFTER = timedelta(hours=36)
# Questions may be asked and voted for before the start; the room stays open to read after the end.
TAKES_PART = (*RUNNING, State.SCHEDULED)
WITH_ROOM = (*TAKES_PART, State.ENDED)


class Entry(models.TextChoices):
    """Who may enter the room."""

    ANYONE = "anyone"
    REGISTERED = "registered"
    INVITED = "invited"


class AtOnce(models.TextChoices):
    """Whose questions are published without waiting for a moderator."""

    EVERYBODY = "everybody"
    REGISTERED = "registered"
    NOBODY = "nobody"


class Series(models.Model):
    """Webinars that belong together."""

    name = NamesField()
    description = NamesField(blank=True, text_max=4000, multiline=True)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return str(self.name)


class WebinarQuerySet(models.QuerySet["Webinar"]):
    """Questions about webinars."""

    def public(self) -> Self:
        """Everything but drafts and rehearsals."""
        return self.exclude(state=State.DRAFT).filter(rehearsal_of=None)

    def open_books(self) -> Self:
        """Those whose questions and promises everybody may read (`Webinar.is_open_book`)."""
        return self.public().filter(Q(state=State.PUBLISHED) | ~Q(entry=Entry.INVITED))

    def visible_to(self, user: User | None) -> Self:
        """Public ones, drafts of those who host them, and rehearsals of those who are in them."""
        if user is None or not user.is_authenticated:
            return self.public()
        public = ~Q(state=State.DRAFT) & Q(rehearsal_of=None)
        rehearsed = Q(rehearsal_of__isnull=False, participants__user=user, participants__removed_at=None)
        return self.filter(public | rehearsed | _hosted(user)).distinct()

    def rehearsed_by(self, participant: int) -> Self:
        """The rehearsal this participant is in."""
        here = {"participants__pk": participant, "participants__removed_at": None}
        return self.filter(rehearsal_of__isnull=False, **here)

    def running(self) -> Self:
        """On now: the live ones before those that pause, close or are about to begin."""
        rank = Case(*(When(state=state, then=Value(n)) for n, state in enumerate(BY_LIFE)))
        return self.filter(state__in=RUNNING).order_by(rank, "starts_at", "id")

    def coming(self, now: datetime | None = None) -> Self:
        """Announced, soonest first; those without a day last. What nobody began on its day comes no more."""
        since = (now or timezone.now()) - MISSED_AFTER
        due = Q(state=State.POSTPONED) | Q(begins=None) | Q(begins__gte=since)
        return self._with_begin().filter(due, state__in=COMING).order_by(*self._soonest())

    def coming_and_off(self, now: datetime | None = None) -> Self:
        """With those that were cancelled and whose day has not passed: somebody may still wait for them."""
        since = (now or timezone.now()) - MISSED_AFTER
        due = Q(state=State.POSTPONED) | Q(state=State.SCHEDULED, begins=None) | Q(begins__gte=since)
        return self._with_begin().filter(due, state__in=(*COMING, State.CANCELLED)).order_by(*self._soonest())

    def missed(self, now: datetime | None = None) -> Self:
        """Announced for a day on which nobody began them."""
        since = (now or timezone.now()) - MISSED_AFTER
        return self._with_begin().filter(state=State.SCHEDULED, begins__lt=since).order_by("-begins", "-id")

    def past(self) -> Self:
        return self.filter(state__in=PAST).order_by(models.F("day").desc(nulls_last=True), "-id")

    def in_order(self) -> Self:
        """As they follow one another; those without a day come last."""
        return self._with_begin().order_by(models.F("begins").asc(nulls_last=True), "id")

    def in_language(self, code: str) -> Self:
        """Those in which this language is spoken; "" does not narrow."""
        if not code:
            return self
        # SQLite cannot ask whether a JSON list contains something; both engines can as text.
        written = Cast("languages", models.TextField())
        return self.alias(spoken=written).filter(spoken__contains=json.dumps(code))

    def of_country(self, code: str) -> Self:
        """Those held by an organisation of this country; "" does not narrow."""
        held = self.model.organisations.through.objects.filter(
            webinar=models.OuterRef("pk"), organisation__country=code
        )
        return self.filter(models.Exists(held)) if code else self

    def _with_begin(self) -> Self:
        """`begins`: the start, or the beginning of the day where no hour is known."""
        return self.annotate(begins=Coalesce("starts_at", Cast("day", models.DateTimeField())))

    def _soonest(self) -> tuple[Any, ...]:
        """A postponed one has no day any more, whatever stands beside it."""
        begins = Case(When(state=State.POSTPONED, then=None), default=models.F("begins"))
        return begins.asc(nulls_last=True), "id"

    def hosted_by(self, user: User) -> Self:
        """Those this person is a host of, newest first."""
        return self.filter(_hosted(user)).distinct().order_by("-id")


def _hosted(user: User) -> Q:
    """All of one and the same row: another host who is still there does not let in one who was sent out."""
    one = {"user": user, "roles__icontains": '"host"', "removed_at": None}
    return Q(**{f"participants__{name}": value for name, value in one.items()})


class Webinar(models.Model):
    """One event: agenda, speakers, languages, a room, afterwards an archive.

    `day` always holds the date (in `zone`); `starts_at` is null where only the date is known (imports, history).
    `seq` counts every change people in the room may see; `room_seq` is the last one that changed the header
    (state, agenda, floor, notices) rather than a question.
    """

    series = models.ForeignKey(Series, models.SET_NULL, null=True, blank=True, related_name="webinars")
    organisations = models.ManyToManyField(Organisation, related_name="webinars", blank=True)
    title = NamesField(text_max=200)
    description = NamesField(blank=True, text_max=4000, multiline=True)
    day = models.DateField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=90)
    zone = models.CharField(max_length=64, default="UTC")
    languages = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    entry = models.CharField(max_length=12, choices=Entry, default=Entry.ANYONE)
    publishes_at_once = models.CharField(max_length=12, choices=AtOnce, default=AtOnce.NOBODY)
    speakers_see_pending = models.BooleanField(default=False)
    second_eye = models.BooleanField(default=False)  # a rendition is shown once somebody else approved it
    questions_open = models.BooleanField(default=True)
    voting_open = models.BooleanField(default=True)
    reactions_open = models.BooleanField(default=True)
    queue_open = models.BooleanField(default=False)
    # Slow mode: one question a person in so many minutes; 0 is off.
    slow_minutes = models.PositiveSmallIntegerField(default=0)
    picture_provider = models.CharField(max_length=20, blank=True)
    picture_id = models.CharField(max_length=100, blank=True)
    join_code = models.CharField(max_length=9, unique=True, null=True, blank=True)
    agenda_now = models.ForeignKey("AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+")
    is_example = models.BooleanField(default=False)
    # A sandbox copy of that webinar, to practise in: nobody but those in it ever sees it.
    rehearsal_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="rehearsals", editable=False
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField(default=0)
    room_seq = models.BigIntegerField(default=0)
    polls_seq = models.BigIntegerField(default=0)
    opinions_seq = models.BigIntegerField(default=0)
    queue_seq = models.BigIntegerField(default=0)
    jobs_seq = models.BigIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=1)

    objects = WebinarQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "starts_at"])]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def has_room(self) -> bool:
        """Is there a room to go into?"""
        return self.state in WITH_ROOM

    @property
    def is_open_book(self) -> bool:
        """May everybody read its questions? What invited people talk about becomes public with the archive only."""
        if self.is_rehearsal:
            return False
        return self.state == State.PUBLISHED or (self.state != State.DRAFT and self.entry != Entry.INVITED)

    @property
    def is_rehearsal(self) -> bool:
        """Is it a sandbox, of which nobody else may learn?"""
        return self.rehearsal_of_id is not None

    def is_missed(self, now: datetime | None = None) -> bool:
        """Was it announced for a day on which nobody began it?"""
        day = self.day and datetime.combine(self.day, time(), tzinfo=UTC)
        begins = self.starts_at or day
        return bool(
            self.state == State.SCHEDULED and begins and begins < (now or timezone.now()) - MISSED_AFTER
        )

    @property
    def is_open_hall(self) -> bool:
        """May everybody look on, without a seat?"""
        return is_open_hall(self.state, self.entry)

    @property
    def takes_questions(self) -> bool:
        return self.questions_open and self.state in TAKES_PART

    @property
    def takes_votes(self) -> bool:
        return self.voting_open and self.state in TAKES_PART

    @property
    def takes_reactions(self) -> bool:
        return self.reactions_open and self.state in RUNNING

    @property
    def takes_hands(self) -> bool:
        """May one ask to speak now?"""
        return self.queue_open and self.state in RUNNING

    @property
    def next_states(self) -> tuple[str, ...]:
        steps = NEXT_STATES[self.state]
        if self.is_rehearsal:  # it is announced to nobody, and leaves nothing behind
            return tuple(step for step in steps if step in (*RUNNING, State.ENDED))
        return steps

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def local_start(self) -> datetime | None:
        """The start on the event's own clock."""
        return self.starts_at.astimezone(self.clock) if self.starts_at else None

    @property
    def local_day(self) -> date | None:
        return self.local_start.date() if self.local_start else self.day


def is_open_hall(state: str, entry: str) -> bool:
    """Until it ends: from then on a name is public only where its owner lets the archive keep it."""
    return entry != Entry.INVITED and state not in (State.DRAFT, *PAST)


class AgendaItem(models.Model):
    """One point of the agenda. `started_at` and `ended_at` are a host's or moderator's press."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = NamesField(text_max=200)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    speakers: "models.ManyToManyField[Participant, models.Model]" = models.ManyToManyField(
        "Participant", related_name="agenda_items", blank=True
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["webinar", "position"], name="one_agenda_item_a_position")
        ]

    def __str__(self) -> str:
        return str(self.title)

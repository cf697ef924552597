"""Questions with their independent facts, votes, turns on the floor, and answers."""

import zlib
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from .events import Webinar
from .people import Participant

MAX_GRAPHEMES = 500


class Visibility(models.TextChoices):
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    DECLINED = "declined"
    MERGED = "merged"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    OPINION = "opinion"  # it was a statement: it is among the opinions (models/opinions.py)
    TROUBLE = "trouble"  # it said that something does not work: the staff have it (models/troubles.py)


class Floor(models.TextChoices):
    WAITING = "waiting"
    NEXT = "next"
    IN_TURN = "in_turn"
    DONE = "done"


class NameShown(models.TextChoices):
    """To whom the asker's name is shown."""

    ALL = "all"
    MODERATORS = "moderators"
    NOBODY = "nobody"


class Reason(models.TextChoices):
    """Why a question was returned or declined; the words stand in templates."""

    UNCLEAR = "unclear"
    SEVERAL = "several"
    OFF_TOPIC = "off_topic"
    ANSWERED = "answered"
    ASKED = "asked"
    PERSONAL_DATA = "personal_data"
    TONE = "tone"
    ADVERTISING = "advertising"
    OTHER = "other"


class Closed(models.TextChoices):
    """Why a published question stays without an answer; the words stand in templates."""

    TIME = "time"
    COVERED = "covered"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    OTHER = "other"


class CameBy(models.TextChoices):
    """How a question came that a moderator wrote down for somebody."""

    PHONE = "phone"
    PAPER = "paper"
    HAND = "hand"


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions about questions."""

    def published(self) -> Self:
        return self.filter(visibility=Visibility.PUBLISHED)

    def merged(self) -> Self:
        """Those that another question (`into`) stands for."""
        return self.filter(visibility=Visibility.MERGED)

    def listed(self) -> Self:
        """Published and outside floor and next, in the list's order: votes, age, id."""
        return (
            self.published()
            .filter(floor__in=(Floor.WAITING, Floor.DONE))
            .order_by("-votes", "published_at", "id")
        )

    def as_seen_now(self) -> Self:
        """Published: on the floor, then next in their order, then the list's order."""
        stands = (Floor.IN_TURN, Floor.NEXT)
        place = Case(*(When(floor=floor, then=Value(n)) for n, floor in enumerate(stands)), default=Value(9))
        lined_up = Case(When(floor=Floor.NEXT, then="next_rank"))
        return self.published().order_by(place, lined_up, "-votes", "published_at", "id")

    def visible_to(self, participant: Participant | None, *, sees_pending: bool) -> Self:
        """What this person may read: the published, their own, and for staff everything not withdrawn."""
        if sees_pending:
            return self.exclude(visibility=Visibility.WITHDRAWN)
        own = Q(participant=participant) if participant else Q(pk=None)
        return self.filter(Q(visibility=Visibility.PUBLISHED) | own)

    def asked_by(self, people: Iterable[Participant]) -> Self:
        """What these people asked for themselves and did not take back, the newest webinar first."""
        own = self.filter(participant__in=people, came_by="", on_behalf_of="")
        return own.exclude(visibility=Visibility.WITHDRAWN).order_by("-webinar_id", "-asked_at", "-id")

    def answered(self) -> Self:
        """Published with a spoken or written answer."""
        return self.published().filter(answers__kind__in=(AnswerKind.SPOKEN, AnswerKind.WRITTEN)).distinct()

    def unsettled(self) -> Self:
        """Published, with no answer, no promise of one, and no reason why there is none; most wanted first."""
        answers = Answer.objects.filter(question=models.OuterRef("pk"))
        found = self.published().filter(~models.Exists(answers), closed_reason="")
        return found.order_by("-votes", "published_at", "id")

    def owed(self) -> Self:
        """Published, with an answer promised and none given yet; the soonest due first (`due`)."""
        promised = Q(answers__kind=AnswerKind.PROMISED)
        given = Answer.objects.filter(question=models.OuterRef("pk")).exclude(kind=AnswerKind.PROMISED)
        found = self.published().filter(promised).exclude(models.Exists(given))
        due = models.Max("answers__due", filter=promised)
        return found.annotate(due=due).order_by(models.F("due").asc(nulls_last=True), "id")

    def due_of(self, person: Participant, *, after_the_end: bool) -> Self:
        """Published and for this speaker to answer: as the desk decided, after the end also as they were asked."""
        theirs = Q(assigned_to=person)
        if after_the_end:
            theirs |= Q(addressed_to=person, assigned_to=None)
        given = Answer.objects.exclude(kind=AnswerKind.PROMISED).values("question")
        found = self.published().filter(theirs, webinar=person.webinar_id, closed_reason="")
        return found.exclude(pk__in=given).prefetch_related("answers").order_by("-votes", "pk")

    def as_answered(self) -> Self:
        """In the order in which they were answered, then those without an answer, most wanted first."""
        given = models.Min("answers__given_at", filter=~Q(answers__kind=AnswerKind.PROMISED))
        return self.annotate(given=given).order_by(models.F("given").asc(nulls_last=True), "-votes", "id")

    def as_archived(self) -> Self:
        """In the order of the archive: as answered, then those whose answer is owed (`is_owed`), then the others.

        `first_turn` is when the floor was first theirs in a turn that gave an answer.
        """
        owed = Answer.objects.filter(question=models.OuterRef("pk"), kind=AnswerKind.PROMISED)
        spoken = models.Min("answers__turn__started_at", filter=~Q(answers__kind=AnswerKind.PROMISED))
        found = self.as_answered().annotate(first_turn=spoken, is_owed=models.Exists(owed))
        begun = Coalesce("first_turn", "given")
        return found.order_by(begun.asc(nulls_last=True), "-is_owed", "-votes", "id")

    def with_merged(self) -> Self:
        """With those each stands for, as `merged`."""
        merged = Question.objects.merged().select_related("participant").order_by("id")
        return self.prefetch_related(models.Prefetch("asked_again", queryset=merged, to_attr="merged"))

    def with_all(self) -> Self:
        """With what a row on the wire needs, in a constant number of queries. A draft's citation stays unseen."""
        from .notes import StaffNote  # they point back here
        from .outcomes import Citation
        from .renditions import Rendition

        answers = Answer.objects.select_related("speaker", "turn").prefetch_related("turn__speakers")
        people = ("participant", "addressed_to", "assigned_to", "appeal__against")
        found = self.with_merged().select_related(*people, "into")
        return found.prefetch_related(
            models.Prefetch("answers", queryset=answers.order_by("id")),
            models.Prefetch("notes", queryset=StaffNote.objects.standing()),
            models.Prefetch("citations", queryset=Citation.objects.public()),
            models.Prefetch("renditions", queryset=Rendition.objects.written().order_by("pk")),
        )


class Question(models.Model):
    """Asked by a participant, or on behalf of somebody. Several independent facts, never one enum.

    `seq` is the webinar's seq of the last change of the row; `votes_seq` that of the last change of its votes
    alone, so that a burst of votes does not send texts again. `first_public_seq` is null until it was public:
    only such rows are named as gone. `on_behalf_of` is who asks as they said it, name and place, and `came_by` how
    it came, where a moderator wrote it down: `participant` is then that moderator. It is addressed to a speaker, a
    country, or to anybody; `assigned_to` is who is to answer, as the desk decided. `closed_reason` says why it stays
    without an answer. `unclear` is what the language desk asked the asker, and what they answered: {"text", "lang",
    "by", "at", "answer", "answer_lang"}; {} where nothing is open.

    `into` is the question that stands for this one because it asks the same: its asker is sent there (declined as
    asked already), or its fate and its votes are this one's too (merged). A merged question and those merged with it
    are a set, and `into` is its head: never merged itself. `text_before` holds the asker's words as they stood before
    they wrote them anew, or a moderator split the question; `split_with` is then its other half.
    """

    merged: "list[Question]"  # those this one stands for, where `with_all` read it

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="questions")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="questions")
    on_behalf_of = models.CharField(max_length=160, blank=True)
    came_by = models.CharField(max_length=8, choices=CameBy, blank=True)
    client_id = models.UUIDField()
    text = models.TextField()
    text_before = models.TextField(blank=True)
    language = models.CharField(max_length=16)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.SUBMITTED)
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    reason_note = models.CharField(max_length=500, blank=True)
    into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="asked_again")
    split_with = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    floor = models.CharField(max_length=8, choices=Floor, default=Floor.WAITING)
    next_rank = models.PositiveIntegerField(null=True, blank=True)
    addressed_to = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    addressed_country = models.CharField(max_length=2, blank=True)
    assigned_to = models.ForeignKey(
        Participant, models.SET_NULL, null=True, blank=True, related_name="assigned"
    )
    closed_reason = models.CharField(max_length=10, choices=Closed, blank=True)
    closed_note = models.CharField(max_length=500, blank=True)
    unclear = models.JSONField(default=dict, blank=True)
    name_shown = models.CharField(max_length=10, choices=NameShown, default=NameShown.ALL)
    archive_keeps_name = models.BooleanField(default=True)
    votes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    seq = models.BigIntegerField(default=0)
    votes_seq = models.BigIntegerField(default=0)
    first_public_seq = models.BigIntegerField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            # A retry after a lost line finds the first one: nothing is posted twice.
            models.UniqueConstraint(fields=["participant", "client_id"], name="one_question_a_client_id"),
        ]
        indexes = [
            models.Index(fields=["webinar", "seq"]),
            models.Index(fields=["webinar", "votes_seq"]),
            models.Index(fields=["webinar", "visibility", "-votes"]),
            models.Index(fields=["webinar", "visibility", "-published_at"], name="questions_by_publication"),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def words_mark(self) -> int:
        """A short mark of the words: a press on a row carries the one it was read with (actions/stale.py)."""
        return mark_of(self.text, self.language)

    @property
    def is_on_behalf(self) -> bool:
        """Did a moderator write it down for somebody?"""
        return bool(self.came_by or self.on_behalf_of)


def mark_of(text: str, language: str) -> int:
    """Not a secret and not a signature: it only has to differ when the words do."""
    return zlib.crc32(f"{language}\n{text}".encode())


class Vote(models.Model):
    """One person wants to know this too. `is_on` is absolute: a retry changes nothing, and no row is deleted."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="ballots")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes")
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participant", "question"], name="one_vote_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} → {self.question_id}"


class Turn(models.Model):
    """A span on the floor: one or more questions, one or more speakers. At most one is open per webinar.

    `resumes` is the interrupted turn that this one goes on with.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="turns")
    questions: "models.ManyToManyField[Question, TurnQuestion]" = models.ManyToManyField(
        Question, through="TurnQuestion", related_name="turns"
    )
    speakers = models.ManyToManyField(Participant, related_name="turns", blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    interrupted = models.BooleanField(default=False)
    resumes = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="resumed_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webinar"], condition=Q(ended_at__isnull=True), name="one_open_turn_a_webinar"
            )
        ]

    def __str__(self) -> str:
        return f"turn {self.pk} of webinar {self.webinar_id}"


class TurnQuestion(models.Model):
    """A question's place in a turn."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="places")
    question = models.ForeignKey(Question, models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["turn", "question"], name="a_question_once_in_a_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} in turn {self.turn_id}"


class AnswerKind(models.TextChoices):
    SPOKEN = "spoken"
    WRITTEN = "written"
    PROMISED = "promised"


class AskerSays(models.TextChoices):
    ANSWERED = "answered"
    PARTLY = "partly"
    NOT = "not"


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Questions about answers."""

    def given(self) -> Self:
        """Those that are no promise, to questions everybody may read."""
        return self.filter(question__visibility=Visibility.PUBLISHED).exclude(kind=AnswerKind.PROMISED)

    def given_by(self, person: Participant) -> Self:
        """What this person said or wrote, alone or with others; what they have not confirmed first, then the last."""
        mine = self.given().filter(Q(speaker=person) | Q(turn__speakers=person)).distinct()
        unconfirmed = Case(When(confirmed_at=None, then=Value(0)), default=Value(1))
        found = mine.annotate(place=unconfirmed).select_related("question", "speaker")
        return found.order_by("place", "-given_at", "-pk")


class Answer(models.Model):
    """To a question: the turn it was given in and/or words. The gist is one or two sentences.

    A speaker confirms the gist, in these words or better ones; when the desk changes it after that,
    `changed_since_at` says so and nobody has confirmed it. What was written before is in the acts. `owner` is who
    promised the answer.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    turn = models.ForeignKey(Turn, models.SET_NULL, null=True, blank=True, related_name="answers")
    kind = models.CharField(max_length=8, choices=AnswerKind, default=AnswerKind.SPOKEN)
    gist = models.TextField(blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    speaker = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="answers")
    given_at = models.DateTimeField(default=timezone.now)
    due = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=160, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_since_at = models.DateTimeField(null=True, blank=True)
    asker_says = models.CharField(max_length=8, choices=AskerSays, blank=True)

    objects = AnswerQuerySet.as_manager()

    def is_by(self, person: Participant) -> bool:
        """Did this person give it? Of several speakers of a turn each may say what was said."""
        if self.speaker_id == person.pk:
            return True
        return self.turn is not None and any(one.pk == person.pk for one in self.turn.speakers.all())

    def __str__(self) -> str:
        return self.gist[:60] or f"answer to {self.question_id}"

"""A participant: one person in one webinar. Invitation, registration and presence are the same row."""

import secrets
from typing import Self

from django.core.signing import BadSignature, Signer
from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.names import NamesField

from .events import Webinar

_links = Signer(salt="webinars.participant.link", sep="~")


class Role(models.TextChoices):
    ATTENDEE = "attendee"
    SPEAKER = "speaker"
    LANGUAGE_DESK = "language_desk"
    CAPTIONER = "captioner"
    MODERATOR = "moderator"
    HOST = "host"


class Way(models.TextChoices):
    """How somebody takes part, by what their line carries."""

    PICTURE = "picture"
    SOUND = "sound"
    TEXT = "text"


def new_nonce() -> str:
    return secrets.token_urlsafe(9)


def default_roles() -> list[str]:
    return [Role.ATTENDEE.value]


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Questions about the people of a webinar."""

    def present(self) -> Self:
        """Not removed."""
        return self.filter(removed_at=None)

    def admitted(self) -> Self:
        """Not removed, and not of an account that was closed: those who may act."""
        return self.present().filter(models.Q(user=None) | models.Q(user__is_active=True))

    def with_role(self, role: str) -> Self:
        return self.filter(roles__icontains=f'"{role}"')

    def of_link(self, token: str) -> "Participant | None":
        """The person a portable link belongs to, or None when it is forged, withdrawn, or the person gone."""
        try:
            pk, _, nonce = _links.unsign(token).partition(".")
        except BadSignature:
            return None
        return self.admitted().select_related("webinar").filter(pk=int(pk), link_nonce=nonce).first()


class Participant(models.Model):
    """One person in one webinar.

    `roles` is a set kept as a list of `Role`. The portable link is signed from id and `link_nonce`: it works on
    phone and laptop alike, and a new nonce withdraws it. `seq` moves when rights change, so that live sockets
    are re-filed.
    """

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="participations")
    roles = models.JSONField(default=default_roles)
    name = models.CharField(max_length=120, blank=True)
    title = NamesField(blank=True)
    # Who they are, or what a source says they said: shown on the webinar's page.
    about = NamesField(blank=True, text_max=1000, multiline=True)
    organisation = models.CharField(max_length=160, blank=True)
    country = models.CharField(max_length=2, blank=True)
    place = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    email = models.EmailField(blank=True)
    reads = models.JSONField(default=list, blank=True)
    way = models.CharField(max_length=8, choices=Way, default=Way.PICTURE)
    people_here = models.PositiveSmallIntegerField(default=1)
    consent_version = models.PositiveSmallIntegerField(default=0)
    link_nonce = models.CharField(max_length=16, default=new_nonce)
    invited_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    muted_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    seq = models.BigIntegerField(default=0)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["webinar", "user"],
                condition=models.Q(user__isnull=False),
                name="one_participant_a_user",
            ),
        ]
        indexes = [models.Index(fields=["webinar", "seq"]), models.Index(fields=["webinar", "email"])]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    def has(self, *roles: str) -> bool:
        """Has this person any of the roles?"""
        return not set(roles).isdisjoint(self.roles)

    @property
    def is_registered(self) -> bool:
        """Known beyond this browser: signed in, invited or registered."""
        return bool(self.user_id or self.invited_at or self.registered_at)

    @property
    def link_token(self) -> str:
        return _links.sign(f"{self.pk}.{self.link_nonce}")


class Attendance(models.Model):
    """One interval in which a participant was in the room."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendance")
    arrived_at = models.DateTimeField()
    left_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "attendance"
        constraints = [
            models.UniqueConstraint(fields=["participant", "arrived_at"], name="one_interval_an_arrival")
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.arrived_at:%H:%M}–{self.left_at:%H:%M}"

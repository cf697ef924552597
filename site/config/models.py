"""The rows that belong to the site as a whole: background work, and what its administrators settled."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.names import NamesField

# Whose questions a new webinar shows at once unless its host says otherwise: the cautious one first.
AT_ONCE = ("nobody", "registered", "everybody")


class Job(models.Model):
    """One piece of work, queued in the transaction that wants it, so that it is lost or kept with it.

    Handlers are idempotent: a worker that dies leaves its lease to run out.
    """

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    # Wanting the same thing twice before it is done is one job.
    key = models.CharField(max_length=120, unique=True)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["due_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SiteSettingsQuerySet(models.QuerySet["SiteSettings"]):
    def the_one(self) -> Self:
        return self.filter(pk=SiteSettings.THE_ONE)


class SiteSettings(models.Model):
    """What administrators settled about the site: one row, or none while it is as the environment says.

    Read through config.site_settings, which asks the database once a process, not once a page.
    """

    THE_ONE = 1

    name = NamesField(blank=True, text_max=60)
    logo = models.CharField(max_length=60, blank=True)  # a file in MEDIA_ROOT, named after what is in it
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    logo_says_name = models.BooleanField(default=False)
    # The interface's languages that are offered, the default first; [] is all of them.
    languages = models.JSONField(default=list, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    institution = NamesField(blank=True, text_max=200)
    contact_email = models.EmailField(blank=True)
    publishes_at_once = models.CharField(max_length=12, default=AT_ONCE[0])
    # Opens the first-run page; only while nobody administers the site (config.first_run).
    setup_code = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = SiteSettingsQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.name)

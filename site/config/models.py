"""Background work as rows: queued in the transaction that wants it, so that it is lost or kept with it."""

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """One piece of work. Handlers are idempotent: a worker that dies leaves its lease to run out."""

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

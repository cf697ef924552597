"""The site's roles are groups; every database has them after `migrate`."""

from typing import Any

ROLES = ("expert", "reviewer", "translator", "editor", "host", "administrator")


def ensure_roles(using: str = "default", **_: Any) -> None:
    """Make the groups that are missing. Safe to repeat; called after every migrate."""
    from django.contrib.auth.models import Group

    have = set(Group.objects.using(using).filter(name__in=ROLES).values_list("name", flat=True))
    Group.objects.using(using).bulk_create([Group(name=name) for name in ROLES if name not in have])

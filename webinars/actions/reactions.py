"""Keeping what was reacted: sums by minute, many at once, and never whose they were."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from accounts.writing import writing
from webinars.models import Webinar

Sums = Mapping[tuple[int, datetime, str], int]  # (webinar, minute, kind) → how many more


def keep_sums(sums: Sums) -> None:
    """Add these to what is kept. Two processes that add to the same minute both count.

    Whose webinar is gone in the meantime (a rehearsal that was deleted) is left out.
    """
    if not sums:
        return
    with writing():
        there = set(
            Webinar.objects.filter(pk__in={webinar for webinar, _, _ in sums}).values_list("pk", flat=True)
        )
        values: list[int | str] = []
        # In one order, so that two processes cannot wait for each other.
        for (webinar, minute, kind), count in sorted(sums.items()):
            if webinar in there and count:
                values += (webinar, str(connection.ops.adapt_datetimefield_value(minute)), kind, count)
        if not values:
            return
        marks = ",".join(["(%s,%s,%s,%s)"] * (len(values) // 4))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO webinars_reactionsum (webinar_id, minute, kind, count)"  # noqa: S608 (only marks)
                f" VALUES {marks}"
                " ON CONFLICT (webinar_id, minute, kind)"
                " DO UPDATE SET count = webinars_reactionsum.count + excluded.count",
                values,
            )

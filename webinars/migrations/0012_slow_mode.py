"""Slow mode: one question a person in so many minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webinars", "0011_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="webinar",
            name="slow_minutes",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]

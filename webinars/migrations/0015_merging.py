import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

REASONS = [
    ("unclear", "Unclear"), ("several", "Several"), ("off_topic", "Off Topic"), ("answered", "Answered"),
    ("asked", "Asked"), ("personal_data", "Personal Data"), ("tone", "Tone"), ("advertising", "Advertising"),
    ("other", "Other"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("webinars", "0014_renditions")]

    operations = [
        migrations.AddField("question", "text_before", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField(
            "question",
            "split_with",
            models.ForeignKey(
                "webinars.question",
                models.SET_NULL,
                null=True,
                blank=True,
                related_name="+",
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=500)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, choices=REASONS, max_length=16)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "Granted"), ("upheld", "Upheld"), ("returned", "Returned"),
                            ("dropped", "Dropped"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "against",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="webinars.participant",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="webinars.participant",
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal",
                        to="webinars.question",
                    ),
                ),
            ],
        ),
    ]  # fmt: skip

"""How a promise stood on each day somebody looked. Apart from 0003: PostgreSQL alters no table with changed rows."""

import accounts.names
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0002_search_engine"),
        ("webinars", "0003_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField("commitment", "institution"),
        migrations.CreateModel(
            name="CommitmentStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateField()),
                ("exact", models.CharField(
                    choices=[("day", "Day"), ("month", "Month"), ("year", "Year")], default="day", max_length=5,
                )),
                ("standing", models.CharField(
                    choices=[("open", "Open"), ("kept", "Kept"), ("partly", "Partly"), ("lapsed", "Lapsed")],
                    max_length=8,
                )),
                ("figure_now", models.PositiveIntegerField(blank=True, null=True)),
                ("note", accounts.names.NamesField(blank=True, text_max=1000)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(
                    blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                    to=settings.AUTH_USER_MODEL,
                )),
                ("commitment", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="webinars.commitment",
                )),
                ("sources", models.ManyToManyField(
                    blank=True, related_name="commitment_steps", to="knowledge.source",
                )),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["commitment", "at"], name="webinars_co_commitm_7ef97e_idx")],
            },
        ),
    ]

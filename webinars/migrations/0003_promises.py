"""What a promise was when it was made, whose it is, what it rests on, and how it stood from time to time."""

import accounts.names
import django.db.models.deletion
from django.db import migrations, models


def make_organisations(apps, schema_editor):
    """The institution was a text beside the promise; now it is one of the organisations."""
    Commitment = apps.get_model("webinars", "Commitment")
    Organisation = apps.get_model("accounts", "Organisation")
    called = {
        name.casefold(): organisation
        for organisation in Organisation.objects.order_by("-pk")
        for name in organisation.names.texts.values()
    }
    for promise in Commitment.objects.all():
        text = " ".join(promise.institution.split())
        if text and text.casefold() not in called:
            names = accounts.names.Names.of("en", text)
            called[text.casefold()] = Organisation.objects.create(names=names)
        promise.organisation = called.get(text.casefold())
        promise.figure_then = promise.figure_now
        promise.save(update_fields=["organisation", "figure_then"])


def write_institutions(apps, schema_editor):
    for promise in apps.get_model("webinars", "Commitment").objects.exclude(organisation=None):
        promise.institution = str(promise.organisation.names)[:200]
        promise.save(update_fields=["institution"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("knowledge", "0002_search_engine"),
        ("webinars", "0002_about_and_note"),
    ]

    operations = [
        migrations.AddField(
            "commitment",
            "organisation",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="commitments", to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            "commitment", "figure_then", models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            "commitment", "quote", accounts.names.NamesField(blank=True, text_max=1000)
        ),
        migrations.AddField(
            "commitment",
            "sources",
            models.ManyToManyField(blank=True, related_name="commitments", to="knowledge.source"),
        ),
        migrations.RunPython(make_organisations, write_institutions),
    ]

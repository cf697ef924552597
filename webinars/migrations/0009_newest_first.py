"""The newest questions first, in a room of 10,000 as fast as in one of 50."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webinars", "0008_rehearsals_queue_reactions")]

    operations = [
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                fields=["webinar", "visibility", "-published_at"], name="questions_by_publication"
            ),
        ),
    ]

"""Letters that somebody waits for leave before the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("post", "0001_outbox")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="urgent",
            field=models.BooleanField(db_comment="mail", default=False),
        ),
        migrations.RemoveIndex(model_name="letter", name="letters_that_wait"),
        migrations.AddIndex(
            model_name="letter",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["-urgent", "next_try_at"], name="letters_that_wait"
            ),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lounge", "0003_into_threads")]

    operations = [
        migrations.AlterField(
            model_name="question",
            name="accepted",
            field=models.OneToOneField(
                blank=True,
                db_comment="lounge",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="lounge.post",
            ),
        ),
        migrations.RemoveField(
            model_name="question",
            name="html",
        ),
        migrations.RemoveField(
            model_name="question",
            name="text",
        ),
        migrations.DeleteModel(
            name="Answer",
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("answers__lte", models.F("last"))), name="question_counts_shown"
            ),
        ),
    ]

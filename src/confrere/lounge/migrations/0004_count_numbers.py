"""Questions that stand already know the highest number of their posts, too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lounge", "0003_numbers_given")]

    operations = [
        migrations.RunSQL(
            "UPDATE lounge_question SET numbered = given.most FROM ("
            "SELECT question_id, max(number) AS most FROM lounge_post GROUP BY 1) AS given "
            "WHERE given.question_id = lounge_question.id AND given.most > 0",
            migrations.RunSQL.noop,
        ),
    ]

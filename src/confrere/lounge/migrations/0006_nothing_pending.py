"""The index of older posts keeps nothing pending: a search asks it month by month, and would read that each time."""

import django.contrib.postgres.indexes
from django.db import migrations, models

OLDER = "posts_search_older"


class Migration(migrations.Migration):
    dependencies = [("lounge", "0005_mark_months")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"ALTER INDEX {OLDER} SET (fastupdate = off)", f"ALTER INDEX {OLDER} RESET (fastupdate)"
                ),
            ],
            state_operations=[
                migrations.RemoveIndex(model_name="post", name=OLDER),
                migrations.AddIndex(
                    model_name="post",
                    index=django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(recent=False, state="shown"), fastupdate=False, fields=["search"], name=OLDER
                    ),
                ),
            ],
        ),
    ]

"""Posts that stand already get the marker of their month, too, by which a search asks month after month."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("lounge", "0004_count_numbers")]

    operations = [
        migrations.RunSQL(
            "UPDATE lounge_post SET search = search || "
            "array_to_tsvector(ARRAY['at:' || to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM')])",
            migrations.RunSQL.noop,
        ),
    ]

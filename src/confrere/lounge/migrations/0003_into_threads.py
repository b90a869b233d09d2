"""The words of a post as the search finds them; and what was asked and answered before becomes posts.

An answer keeps its number, because accepted answers are named by it; the asking takes a new one.
"""

from django.db import migrations

#: Weight A the title, B the text, and markers such as "in:cardiology", which no word of a text can be.
WORDS = """
CREATE FUNCTION lounge_words(title text, body text, markers text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  setweight(to_tsvector('pg_catalog.english', title), 'A') || setweight(to_tsvector('pg_catalog.english', body), 'B')
  || array_to_tsvector(markers);
"""

MOVE = """
INSERT INTO lounge_post (id, programme_id, site_id, question_id, number, kind, author_id, specialty, text, html,
                         basis, source, state, written_at, search, recent)
SELECT a.id, a.programme_id, a.site_id, a.question_id, row_number() OVER (PARTITION BY a.question_id ORDER BY a.id),
       'answer', a.author_id, a.specialty, a.text, a.html, a.basis, a.source, 'shown', a.answered_at,
       lounge_words('', a.text, ARRAY['in:' || q.specialty, 'is:answer', 'by:' || a.author_id]), TRUE
FROM lounge_answer a JOIN lounge_question q ON q.id = a.question_id;
SELECT setval(pg_get_serial_sequence('lounge_post', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM lounge_answer), false);
INSERT INTO lounge_post (programme_id, site_id, question_id, number, kind, author_id, specialty, text, html,
                         basis, source, state, written_at, search, recent)
SELECT programme_id, site_id, id, 0, 'question', author_id, specialty, text, html, '', '', 'shown', asked_at,
       lounge_words(title, text, ARRAY['in:' || specialty, 'is:question', 'by:' || author_id]), TRUE
FROM lounge_question ORDER BY id;
UPDATE lounge_question SET last = answers;
"""


class Migration(migrations.Migration):
    dependencies = (("lounge", "0002_threads"),)
    operations = (
        migrations.RunSQL(WORDS, "DROP FUNCTION lounge_words(text, text, text[])"),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
    )

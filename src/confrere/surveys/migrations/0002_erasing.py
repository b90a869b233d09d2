"""Answers that were taken back end by the database's hand: their table only grows, and the application may not."""

from django.db import migrations

#: Fourteen days after they were taken back, by the database's own clock at the latest; never what stands in a frozen
#: set, and never under a legal hold. The row of the survey stays, empty: whoever comes back can answer it.
ERASE = """
CREATE FUNCTION surveys_erase_withdrawn(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  today date := (least(moment, clock_timestamp()) AT TIME ZONE 'UTC')::date;
  ended bigint[];
BEGIN
  SELECT array_agg(r.id) INTO ended FROM surveys_response r
  WHERE r.withdrawn_on + 14 <= today AND r.frozen_on IS NULL AND NOT vault_held('answer', r.programme_id);
  IF ended IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM set_config('confrere.erasing', 'surveys_correction', true);
  DELETE FROM surveys_correction WHERE response_id = ANY (ended);
  PERFORM set_config('confrere.erasing', 'surveys_answer', true);
  DELETE FROM surveys_answer WHERE response_id = ANY (ended);
  PERFORM set_config('confrere.erasing', '', true);
  UPDATE surveys_response
  SET completed_at = NULL, withdrawn_on = NULL, stopped_at = coalesce(stopped_at, date_trunc('day', moment, 'UTC'))
  WHERE id = ANY (ended);
  RETURN cardinality(ended);
END
$$;
REVOKE EXECUTE ON FUNCTION surveys_erase_withdrawn(timestamptz) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("vault", "0002_chain")]

    operations = [migrations.RunSQL(ERASE, "DROP FUNCTION surveys_erase_withdrawn(timestamptz)")]

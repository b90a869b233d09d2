"""The chain is made by the database: at commit, in one order, by nobody's hand."""

from django.db import migrations

#: Runs at commit. The lock is held until the commit is durable, so the chain's order is the order of commits.
#: Under another isolation level the snapshot would be older than the lock, and two entries could share a number.
CHAIN = """
CREATE FUNCTION vault_chain_payload() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last_sequence bigint;
  last_chain bytea;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'Audit events are written in READ COMMITTED transactions only.';
  END IF;
  IF NEW.digest <> sha256(NEW.nonce || convert_to(NEW.body, 'UTF8')) THEN
    RAISE EXCEPTION 'The digest of an audit event does not fit its payload.';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('confrere audit chain', 0));
  SELECT sequence, chain INTO last_sequence, last_chain FROM vault_seal ORDER BY sequence DESC LIMIT 1;
  last_sequence := coalesce(last_sequence, 0) + 1;
  last_chain := coalesce(last_chain, decode(repeat('00', 32), 'hex'));
  INSERT INTO vault_seal (sequence, digest, chain)
  VALUES (last_sequence, NEW.digest, sha256(last_chain || int8send(last_sequence) || NEW.digest));
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER vault_chain AFTER INSERT ON vault_payload
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION vault_chain_payload();
"""

#: On every append-only table, beside the missing grants: it stops the owner's mistakes too.
REFUSE = """
CREATE FUNCTION vault_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Only a function that a migration made says this, for one table and inside itself.
  IF TG_OP = 'DELETE' AND current_setting('confrere.erasing', true) = TG_TABLE_NAME THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION vault_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE FUNCTION vault_protect(kept text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER vault_no_change BEFORE UPDATE OR DELETE ON %I
    FOR EACH ROW EXECUTE FUNCTION vault_refuse_change()', kept);
  EXECUTE format('CREATE OR REPLACE TRIGGER vault_no_truncate BEFORE TRUNCATE ON %I
    FOR EACH STATEMENT EXECUTE FUNCTION vault_refuse_truncate()', kept);
END
$$;
REVOKE EXECUTE ON FUNCTION vault_protect(text) FROM PUBLIC;
SELECT vault_protect('vault_payload'), vault_protect('vault_seal');
"""

#: `vault_trace` is written anew from retention.toml after every migration; NULL means: as long as the chain.
#: A moment later than the real clock counts as now, so nobody ends a period early by telling the wrong time.
ERASE = """
CREATE FUNCTION vault_trace(class text) RETURNS interval LANGUAGE sql IMMUTABLE AS 'SELECT NULL::interval';
CREATE FUNCTION vault_held(class text, of_programme bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM vault_hold h WHERE class = ANY (h.classes) AND h.confirmed_at IS NOT NULL AND h.lifted_at IS NULL
      AND (of_programme IS NULL OR h.programme = of_programme))
$$;
CREATE FUNCTION vault_erase_payloads(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  told timestamptz := least(moment, clock_timestamp());
  gone bigint[];
  event text;
  salt bytea;
  holding boolean := EXISTS (SELECT FROM vault_hold h WHERE h.confirmed_at IS NOT NULL AND h.lifted_at IS NULL);
BEGIN
  -- Set here, not on the function: there only a superuser may name a parameter of ours.
  PERFORM set_config('confrere.erasing', 'vault_payload', true);
  WITH erased AS (
    DELETE FROM vault_payload p USING vault_seal s
    WHERE s.digest = p.digest AND p.at < told - vault_trace(p.kept_as)
      -- A body is opened only while there is a hold.
      AND CASE WHEN holding THEN
        NOT vault_held(p.kept_as, (p.body::jsonb ->> 'programme')::bigint)
        AND NOT vault_held('audit_payload', (p.body::jsonb ->> 'programme')::bigint)
      ELSE true END
    RETURNING s.sequence
  )
  SELECT array_agg(sequence ORDER BY sequence) INTO gone FROM erased;
  PERFORM set_config('confrere.erasing', '', true);
  IF gone IS NULL THEN
    RETURN 0;
  END IF;
  event := jsonb_build_object(
    'about', 'audit', 'action', 'vault.erase_payloads', 'actor', 'system:retention', 'kept_as', 'audit_seal',
    'at', to_char(told AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00',
    'details', jsonb_build_object('sequences', to_jsonb(gone)), 'programme', NULL)::text;
  salt := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  INSERT INTO vault_payload (nonce, body, digest, kept_as, at)
  VALUES (salt, event, sha256(salt || convert_to(event, 'UTF8')), 'audit_seal', told);
  RETURN cardinality(gone);
END
$$;
REVOKE EXECUTE ON FUNCTION vault_erase_payloads(timestamptz) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, "DROP TRIGGER vault_chain ON vault_payload; DROP FUNCTION vault_chain_payload()"),
        migrations.RunSQL(
            REFUSE,
            """DROP FUNCTION vault_refuse_change() CASCADE;
            DROP FUNCTION vault_refuse_truncate() CASCADE;
            DROP FUNCTION vault_protect(text)""",
        ),
        migrations.RunSQL(
            ERASE,
            """DROP FUNCTION vault_erase_payloads(timestamptz);
            DROP FUNCTION vault_held(text, bigint);
            DROP FUNCTION vault_trace(text)""",
        ),
    ]

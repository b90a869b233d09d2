-- Inside the new database, by the same superuser: extensions, the schema of the tables, and the mark of its origin.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

ALTER SCHEMA public OWNER TO confrere_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO confrere_app, confrere_export;

-- Whether its people are simulated is said here once. Neither role can change it, so no setting of the
-- application turns a database of real people into one for demonstrations.
CREATE SCHEMA confrere_meta;
CREATE TABLE confrere_meta.origin (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  simulated boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
REVOKE ALL ON SCHEMA confrere_meta FROM PUBLIC;
GRANT USAGE ON SCHEMA confrere_meta TO confrere_owner, confrere_app;
GRANT SELECT ON confrere_meta.origin TO confrere_owner, confrere_app;

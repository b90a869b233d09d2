-- Roles of confrère. Run once on a server, as a superuser or as a role that may create roles.
-- confrere_owner migrates; confrere_app serves pages and jobs; confrere_export reads for exports.
DO $make$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('confrere roles'));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'confrere_owner') THEN
    CREATE ROLE confrere_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'confrere_app') THEN
    CREATE ROLE confrere_app LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'confrere_export') THEN
    CREATE ROLE confrere_export NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION;
    GRANT confrere_export TO confrere_app;
  END IF;
END
$make$;

-- The database. Give both roles a password in psql: \password confrere_owner  and  \password confrere_app
CREATE DATABASE confrere OWNER confrere_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE confrere FROM PUBLIC;
GRANT CONNECT ON DATABASE confrere TO confrere_app;
\connect confrere

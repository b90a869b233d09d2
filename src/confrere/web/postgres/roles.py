"""Names of the database roles, said once.

`confrere_owner` migrates. `confrere_app` serves web pages and jobs, and cannot change what is append-only.
`confrere_export` reads for exports, by `SET LOCAL ROLE`, and sees no identity.
"""

SUPERUSER = "postgres"
OWNER = "confrere_owner"
APP = "confrere_app"
EXPORT = "confrere_export"

LOGIN_ROLES = (SUPERUSER, OWNER, APP)

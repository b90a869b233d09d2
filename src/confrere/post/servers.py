"""Reads the one address that names a site's mail server."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

#: Seconds a mail server may take for one answer, before the letter is left for the next attempt.
PATIENCE = 20


def mailers(address: str) -> dict[str, dict[str, Any]]:
    """Django's MAILERS for an address; without one, letters wait in the outbox.

    smtp://host:25, smtp://user:password@host:587?tls=yes (STARTTLS), smtps://user:password@host:465,
    file:///folder (one file per letter, for trying out). ValueError in one sentence for anything else.
    """
    if not address:
        return {"default": {"BACKEND": "confrere.post.folder.NoMailer"}}
    url = urlsplit(address)
    if url.scheme == "file" and url.path:
        return {"default": {"BACKEND": "confrere.post.folder.FolderMailer", "OPTIONS": {"folder": unquote(url.path)}}}
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise ValueError("CONFRERE_SMTP_URL must read smtp://host:port, smtps://host:port or file:///folder")
    tls = parse_qs(url.query).get("tls", ["no"])[0]
    options = {
        "host": url.hostname,
        "port": url.port or (465 if url.scheme == "smtps" else 25),
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_ssl": url.scheme == "smtps",
        "use_tls": tls == "yes",
        "timeout": PATIENCE,
    }
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}

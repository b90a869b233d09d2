"""What `confrere doctor` finds inside."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from confrere.web.queries import findings

pytestmark = pytest.mark.django_db


def sentences() -> dict[str, tuple[object, object]]:
    return {str(found["about"]): (found["well"], found["sentence"]) for found in findings()}


def test_all_is_well(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.DEFAULT_FROM_EMAIL = "confrere@localhost"
    found = sentences()
    assert found["tables"] == (True, "All migrations are applied.")
    assert found["rights"] == (True, "The application cannot change what must only grow.")
    assert found["letters"] == (True, "A mail server is named.")
    assert found["key link"][0] is True


def test_the_sender_is_looked_up_where_letters_leave(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.DEFAULT_FROM_EMAIL = "confrere@localhost"
    assert sentences()["sender"][0] is False
    settings.MAILERS = {"default": {"BACKEND": "confrere.post.folder.FolderMailer"}}
    assert "sender" not in sentences()


def test_a_missing_migration_is_counted() -> None:
    newest = MigrationLoader(connection).graph.leaf_nodes("lounge")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert sentences()["tables"] == (False, "Migrations are missing: 1. `confrere serve` applies them.")


def test_rights_that_are_too_wide_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # the owner, whom nothing in the tables stops
    well, sentence = sentences()["rights"]
    assert well is False
    assert "tables that must only grow" in str(sentence)


def test_a_lost_key_is_named(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = tmp_path
    assert sentences()["key link"][0] is False


def test_without_a_mail_server_nobody_gets_a_code(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "confrere.post.folder.NoMailer"}}
    assert sentences()["letters"][0] is False


def test_shares_that_lie_with_the_keys_are_named(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = tmp_path
    settings.SHARES = tmp_path / "shares"
    assert sentences()["shares"][0] is False
    settings.SHARES = tmp_path.parent / "shares"
    assert sentences()["shares"][0] is True

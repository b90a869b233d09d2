"""What the application and the exports may do in the database, tried with their own rights."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.models import Link, Payload
from confrere.web.receivers import set_rights

type Acting = Callable[[], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db


def attempt(statement: str) -> str:
    """What the database answers: "" if it let it happen."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as refused:
        return str(refused).splitlines()[0]
    return ""


def test_tests_run_with_the_rights_of_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("confrere_app",)


def test_the_audit_tables_are_append_only() -> None:
    assert {"vault_payload", "vault_seal"} <= set(kept.append_only_tables())


@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_changes_removes_and_truncates_nothing_that_is_append_only(act: str) -> None:
    for table in kept.append_only_tables():
        column = kept.tables()[table]._meta.concrete_fields[-1].column
        assert attempt(act.format(table, column, column)) == f"permission denied for table {table}"


def test_the_application_makes_no_seal_of_its_own() -> None:
    assert attempt("INSERT INTO vault_seal VALUES (1, '', '')") == "permission denied for table vault_seal"


@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_is_stopped(act: str, owner: Acting, chain_now: Callable[[], None]) -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)
    audit.record(
        action="test.try", actor=Actor.system("test"), about="booking:1", programme=1, kept_as=kept.BOOKING, now=now
    )
    chain_now()
    with owner():
        answer = attempt(act.format("vault_payload", "body", "body"))
    assert answer == "Rows of vault_payload are never changed or removed."
    assert Payload.objects.count() == 1


def test_every_append_only_table_refuses_its_owner(owner: Acting) -> None:
    with owner():
        answers = {table: attempt(f'TRUNCATE "{table}" CASCADE') for table in kept.append_only_tables()}
    assert [table for table, answer in answers.items() if not answer.endswith("are never changed or removed.")] == []


def test_the_application_truncates_no_table_at_all() -> None:
    assert attempt("TRUNCATE vault_link") == "permission denied for table vault_link"


def test_the_application_defines_no_function_and_protects_nothing() -> None:
    longer = "CREATE FUNCTION vault_trace(text) RETURNS interval LANGUAGE sql AS 'SELECT NULL::interval'"
    assert attempt(longer) == "permission denied for schema public"
    assert attempt("SELECT vault_protect('vault_link')") == "permission denied for function vault_protect"


def test_exports_read_what_is_classed_for_them_and_nothing_behind_the_identity_door() -> None:
    readable = set(kept.export_tables())
    answers = {}
    for table in kept.tables():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE confrere_export")
            answers[table] = attempt(f'SELECT count(*) FROM "{table}"')
            cursor.execute("SET LOCAL ROLE confrere_app")
    assert {table for table, answer in answers.items() if answer == ""} == readable
    assert answers["people_user"] == "permission denied for table people_user"
    assert answers["vault_link"] == "permission denied for table vault_link"
    identity = {
        table
        for table, model in kept.tables().items()
        if any(kept.classes()[kept.class_name(field)].door == "identity" for field in model._meta.concrete_fields)
    }
    assert identity & readable == set()


def test_exports_write_nothing() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE confrere_export")
        answer = attempt("DELETE FROM people_programme")
        cursor.execute("SET LOCAL ROLE confrere_app")
    assert answer == "permission denied for table people_programme"


def test_emptying_a_database_sets_no_rights() -> None:
    set_rights(using="default")  # would be refused: this connection is the application's
    assert Link.objects.count() == 0

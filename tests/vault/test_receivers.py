from datetime import timedelta

import pytest
from django.db import connection

from confrere.vault.classification import classes
from confrere.vault.receivers import settle

pytestmark = pytest.mark.django_db


def test_the_database_knows_the_periods_of_the_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT c, vault_trace(c) FROM unnest(%s::text[]) c", [list(classes())])
        found = dict(cursor.fetchall())
    assert found == {name: timedelta(days=kept.trace) if kept.trace else None for name, kept in classes().items()}


def test_a_class_that_nobody_knows_has_no_end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_trace('notes')")
        assert cursor.fetchone() == (None,)


def test_emptying_a_database_changes_nothing() -> None:
    settle(using="default")  # would be refused: this connection is the application's
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_trace('booking')")
        assert cursor.fetchone() == (timedelta(days=7),)

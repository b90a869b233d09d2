import pytest
from django.db import connection

from confrere.vault import origin

pytestmark = pytest.mark.django_db


def test_the_database_of_the_tests_is_marked_simulated() -> None:
    assert origin.simulated()


def test_a_database_without_the_mark_counts_as_real(monkeypatch: pytest.MonkeyPatch) -> None:
    unmarked = connection.copy()
    unmarked.settings_dict["NAME"] = "postgres"  # the server's own database, which nobody marks
    monkeypatch.setattr(origin, "connection", unmarked)
    try:
        assert not origin.simulated()
    finally:
        unmarked.close()

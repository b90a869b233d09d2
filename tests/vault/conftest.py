"""Keys of their own for each test of the vault."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from confrere.vault import keys

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def standing_keys(settings: Settings, tmp_path: Path) -> Path:
    settings.KEYS = tmp_path / "keys"
    keys.create_standing_keys(keys.store())
    return tmp_path / "keys"

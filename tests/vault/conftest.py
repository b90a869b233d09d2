from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW

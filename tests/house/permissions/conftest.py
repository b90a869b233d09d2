"""The town; what a question does to it is undone at once."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from tests.house.permissions.town import Town, build


@pytest.fixture
def town(db: None, standing_keys: None) -> Iterator[Town]:
    yield build()
    cache.clear()

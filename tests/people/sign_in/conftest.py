from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _limits_start_anew() -> Iterator[None]:
    yield
    cache.clear()

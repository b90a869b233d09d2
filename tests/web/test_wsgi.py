from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from confrere.web.wsgi import application


@pytest.mark.django_db
def test_the_application_answers() -> None:
    environ: dict[str, Any] = {"PATH_INFO": "/help-now/", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    said: list[str] = []

    def start_response(status: str, _headers: list[tuple[str, str]], _error: object = None) -> None:
        said.append(status)

    body = b"".join(application(environ, start_response))
    assert said == ["200 OK"]
    assert b"tel:988" in body

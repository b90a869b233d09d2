"""What a line of the log may say about a request: which page and which kind of error, never words.

An address can be a secret (the link to a survey), and an error's text can quote what was typed.
"""

import logging
import traceback
from collections.abc import Iterator

from django.conf import settings


class WithoutWords(logging.Filter):
    """Rewrites what is logged with a request; everything else passes as it is.

    Of a page that keeps nothing only an error of ours is told.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None:
            return True
        if request.path_info in settings.KEEPS_NOTHING and not record.exc_info:
            return False
        match = getattr(request, "resolver_match", None)
        page = match.route if match else "no page of ours"
        record.msg, record.args = "%s at %s", (getattr(record, "status_code", "Refused"), page)
        if record.exc_info and record.exc_info[1]:
            record.exc_text = "\n".join(_kinds(record.exc_info[1]))
        return True


def _kinds(error: BaseException | None) -> Iterator[str]:
    """Where an error and those that led to it were raised, and their kinds, the latest first."""
    while error is not None:
        yield from (line.rstrip() for line in traceback.format_tb(error.__traceback__))
        yield type(error).__qualname__
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)

"""Progress goes to stderr, so that stdout holds results only."""

import sys
import time
from collections.abc import Callable


def tell(sentence: str) -> None:
    """Say at once what is going on."""
    print(sentence, file=sys.stderr, flush=True)


class Stages:
    """Says what begins, but keeps quiet during the first second: a quick command needs no commentary."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._start = clock, clock()

    def begin(self, what: str) -> None:
        """``what`` begins now (``Writing the report``)."""
        if self._clock() - self._start > 1:
            tell(f"{what} …")

"""What a command is doing, on stderr, once it has taken longer than a second."""

import sys
import time
from collections.abc import Callable


class Progress:
    """Says what begins, but keeps quiet during the first second: a quick command needs no commentary."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._start = clock, clock()

    def begins(self, what: str) -> None:
        """``what`` begins now (``Writing the report``)."""
        if self._clock() - self._start > 1:
            print(f"{what} …", file=sys.stderr, flush=True)

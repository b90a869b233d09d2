"""Progress goes to stderr, so that stdout holds results only."""

import sys


def tell(sentence: str) -> None:
    """Say at once what is going on."""
    print(sentence, file=sys.stderr, flush=True)

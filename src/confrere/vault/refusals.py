"""The one way a rule says no: a status and one plain sentence."""

from collections.abc import Callable


class Refusal(Exception):
    """A rule refused. `web` turns it into a page (or an htmx partial) with this status.

    sentence: what is wrong, where, and what to do, translated, for a tired physician.
    status: the HTTP status; 404 must read the same for what exists and what does not.
    """

    def __init__(self, sentence: str, *, status: int = 409) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def asks[**P](check: Callable[P, object]) -> Callable[P, bool]:
    """Turn `check_x`, which raises `Refusal`, into `can_x`, which answers: one rule for button and action."""

    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except Refusal:
            return False
        return True

    can.__name__ = check.__name__.replace("check_", "can_", 1)
    can.__doc__ = f"Whether `{check.__name__}` would let this pass."
    return can

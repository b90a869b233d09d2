"""Who lets end what: each room registers the function that erases its own rows of a class."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol


class Eraser(Protocol):
    """Erases the rows of one class whose period is over; how many. `held`: programmes in which a hold pauses it."""

    def __call__(self, *, now: datetime, held: frozenset[int]) -> int: ...


_ERASERS: dict[str, Eraser] = {}


def erases(kept_as: str) -> Callable[[Eraser], Eraser]:
    """Register the one function that ends this class. They run in the order in which they are registered."""

    def register(eraser: Eraser) -> Eraser:
        _ERASERS[kept_as] = eraser
        return eraser

    return register


def registered() -> Mapping[str, Eraser]:
    """Class → its eraser, in the order in which they run."""
    return dict(_ERASERS)

"""The story's clock: acts wait for their moment and are called in its order."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

type Act = Callable[[datetime], object]


class Agenda:
    """Acts by their moments. An act may put further acts on the agenda, never before its own moment."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._order = count()
        self._clock: datetime | None = None

    def at(self, moment: datetime, act: Act) -> None:
        """Call `act(moment)` when its moment has come. Raises ValueError for a moment that has passed."""
        if self._clock is not None and moment < self._clock:
            raise ValueError(f"{moment} lies before {self._clock}, to which the story has come.")
        heapq.heappush(self._waiting, (moment, next(self._order), act))

    def run(self, *, until: datetime, tell: Callable[[datetime], None]) -> int:
        """Call every act up to and including `until`, in order; returns how many. Later ones are left undone."""
        done = 0
        while self._waiting and self._waiting[0][0] <= until:
            moment, _number, act = heapq.heappop(self._waiting)
            self._clock = moment
            tell(moment)
            act(moment)
            done += 1
        return done

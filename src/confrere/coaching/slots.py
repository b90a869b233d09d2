"""Which starts are free: hours offered, minus what is occupied, cut into sessions of real minutes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from confrere.coaching.clock import Span

#: Distance between two offered starts within one free stretch.
STEP = timedelta(minutes=30)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as few spans, sorted; touching and overlapping ones become one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def without(windows: Iterable[Span], busy: Iterable[Span]) -> Iterator[Span]:
    """The parts of the windows in which nothing of `busy` lies, sorted."""
    taken = joined(busy)
    for window in joined(windows):
        start = window.start
        for other in taken:
            if not other.overlaps(window):
                continue
            if start < other.start:
                yield Span(start, other.start)
            start = max(start, other.end)
        if start < window.end:
            yield Span(start, window.end)


def free_starts(
    *, windows: Iterable[Span], busy: Iterable[Span], minutes: int, within: Span, step: timedelta = STEP
) -> list[datetime]:
    """Starts of sessions of `minutes` real minutes that fit into a free stretch and wholly into `within`."""
    length = timedelta(minutes=minutes)
    starts: list[datetime] = []
    for stretch in without(windows, busy):
        start = stretch.start
        while start + length <= stretch.end:
            if within.contains(Span(start, start + length)):
                starts.append(start)
            start += step
    return starts

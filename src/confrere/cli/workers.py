"""Who computes a simulation: this process, several, or a Dask cluster. The numbers are the same."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from confrere.cli.progress import tell
from confrere.cli.refusal import Refusal
from confrere.science.power import Block, Mapper, Tally

_PATIENCE = 10.0  # seconds for a cluster to answer


@contextmanager
def workers(*, processes: int, cluster: str | None, clock: Callable[[], float] = time.monotonic) -> Iterator[Mapper]:
    """What runs the blocks of a simulation, and tells on stderr how far it is when that takes long."""
    if processes < 1:
        raise Refusal("--processes: a whole number from 1 is expected.")
    if cluster is not None:
        with _cluster(cluster) as mapper:
            yield _telling(mapper, clock)
    elif processes == 1:
        yield _telling(map, clock)
    else:
        # Fresh processes: a fork of one that has used threads may hang.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            yield _telling(pool.map, clock)


@contextmanager
def _cluster(address: str) -> Iterator[Mapper]:
    try:
        from distributed import Client
    except ImportError:
        raise Refusal("--cluster needs Dask: pip install 'confrere[cluster]'.") from None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask has none
    except (OSError, ValueError) as error:
        raise Refusal(f"--cluster: no Dask scheduler answers at {address} ({type(error).__name__}).") from None

    def mapper(run: Callable[[Block], Tally], blocks: Iterable[Block]) -> Iterator[Tally]:
        for future in client.map(run, list(blocks), pure=False):
            yield future.result()

    with client:
        yield mapper


def _telling(mapper: Mapper, clock: Callable[[], float]) -> Mapper:
    started = told = clock()

    def mapped(run: Callable[[Block], Tally], blocks: Iterable[Block]) -> Iterator[Tally]:
        nonlocal told
        whole = list(blocks)
        for done, tally in enumerate(mapper(run, whole), start=1):
            if clock() - started > 1 and clock() - told > 1:
                told = clock()
                tell(f"Simulating: {done} of {len(whole)} blocks of trials …")
            yield tally

    return mapped

"""What is done after the request: verbs run by the worker, on a queue that lives in the database.

The one place that knows the queue library, so that it can be exchanged.

    @task
    def route(*, id: int) -> None: ...

    route.defer(id=question.pk)  # inside the transaction that makes the question

A job is written in the caller's transaction and runs at least once after it has been committed. Its arguments are
numbers of rows and nothing else: whatever stood in them would stay in the queue's table and in its log.
"""

import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import wraps

from django.db import transaction
from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from procrastinate.types import JSONDict

#: Seconds until the next attempt of a verb that raised: 2, 4, 8 … 256, then the job is marked as failed.
_RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)
#: Jobs are always written over Django's own connection. Inside the worker the library would use one of its own, and
#: a job could run before the transaction that made its row.
_QUEUE = JobManager(DjangoConnector())
#: A worker that was silent for so long is dead, and what it held is done by another.
SILENCE = timedelta(minutes=1)


class Failed(Exception):
    """A verb raised. Says what kind of error and where; never its words, which may quote what someone typed."""

    def __init__(self, error: Exception) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1]
        super().__init__(f"{type(error).__name__} at {where.filename}:{where.lineno}")


class Deferred[**P]:
    """A verb that can be called at once, or deferred to the worker."""

    def __init__(self, verb: Callable[P, None]) -> None:
        self._verb = verb
        self.name = f"{verb.__module__}.{verb.__qualname__}"
        app.task(name=self.name, retry=_RETRY)(self.work)
        wraps(verb)(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._verb(*args, **kwargs)

    def defer(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Write the job in the caller's transaction. TypeError when an argument is not a whole number."""
        self._put([self._numbers(*args, **kwargs)], priority=0)

    def defer_once(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Like `defer`, but nothing is written as long as the same job, with the same numbers, waits for its turn.

        Only for verbs that read all they need when they run and that the clock runs too: the job that waits may begin
        a moment before the caller's transaction is committed, and then the next round sees what this one did not.
        """
        numbers = self._numbers(*args, **kwargs)
        lock = " ".join([self.name, *(f"{name}={numbers[name]}" for name in sorted(numbers))])
        with suppress(AlreadyEnqueued), transaction.atomic():
            configure_task(name=self.name, job_manager=_QUEUE, queueing_lock=lock).defer(**numbers)

    def _numbers(self, *args: P.args, **kwargs: P.kwargs) -> JSONDict:
        numbers = {name: value for name, value in kwargs.items() if type(value) is int}
        if args or len(numbers) < len(kwargs):
            strangers = sorted(kwargs.keys() - numbers.keys()) or "by position"
            raise TypeError(f"a job takes numbers of rows by name, nothing else: {strangers}")
        return {**numbers}

    def defer_each(self, ids: Sequence[int], *, urgent: bool = False) -> None:
        """Write one job for each row, in one statement; for verbs that take `id`. Urgent ones run before all others."""
        self._put([{"id": each} for each in ids], priority=int(urgent))

    def _put(self, arguments: Sequence[JSONDict], *, priority: int) -> None:
        with transaction.atomic(savepoint=False):
            configure_task(name=self.name, job_manager=_QUEUE, priority=priority).batch_defer(*arguments)

    def work(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run the verb as the worker does: what it raises becomes a `Failed`."""
        try:
            self._verb(*args, **kwargs)
        except Exception as error:
            raise Failed(error) from None


def task[**P](verb: Callable[P, None]) -> Deferred[P]:
    """Make a verb deferrable. It must bear being run twice."""
    return Deferred(verb)


def every(cron: str) -> Callable[[Callable[[], None]], Deferred[[]]]:
    """Make a verb deferrable, and let the worker run it on a schedule too (five cron fields, UTC).

    Runs that were missed are not made up for.
    """

    def schedule(verb: Callable[[], None]) -> Deferred[[]]:
        deferred = Deferred(verb)

        def at_time(timestamp: int) -> None:
            deferred.work()

        name = f"{deferred.name} by the clock"
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(at_time))
        return deferred

    return schedule


def take_up_stranded(*, now: datetime) -> int:
    """Put back the jobs that died with their worker; how many there were."""
    dead = Q(worker__isnull=True) | Q(worker__last_heartbeat__lt=now - SILENCE)
    stranded = list(ProcrastinateJob.objects.filter(dead, status="doing").values_list("pk", flat=True))
    return sum(_put_back(job, now) for job in stranded)


def _put_back(job: int, now: datetime) -> bool:
    """False where the same job waits already (`defer_once`); then this one's turn comes after that one's."""
    try:
        with transaction.atomic():
            _QUEUE.retry_job_by_id(job_id=job, retry_at=now)
    except UniqueViolation:
        return False
    return True

"""What is done after the request: verbs run by the worker, on a queue that lives in the database.

The one place that knows the queue library, so that it can be exchanged.

    @task
    def route(*, id: int) -> None: ...

    route.defer(id=question.pk)  # inside the transaction that makes the question

A job is written in the caller's transaction and runs at least once after it has been committed. Its arguments are
numbers of rows and nothing else: whatever stood in them would stay in the queue's table and in its log.
"""

from collections.abc import Callable
from functools import wraps

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

#: Seconds until the next attempt of a verb that raised: 2, 4, 8 … 256, then the job is marked as failed.
_RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)


class Deferred[**P]:
    """A verb that can be called at once, or deferred to the worker."""

    def __init__(self, verb: Callable[P, None]) -> None:
        self._verb = verb
        self._native: Task[..., None, ...] = app.task(
            name=f"{verb.__module__}.{verb.__qualname__}", retry=_RETRY, pass_context=False
        )(verb)
        wraps(verb)(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self._verb(*args, **kwargs)

    def defer(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Write the job in the caller's transaction. TypeError when an argument is not a whole number."""
        strangers = [name for name, value in kwargs.items() if type(value) is not int]
        if args or strangers:
            raise TypeError(f"a job takes numbers of rows by name, nothing else: {strangers or 'by position'}")
        with transaction.atomic():
            self._native.defer(**kwargs)


def task[**P](verb: Callable[P, None]) -> Deferred[P]:
    """Make a verb deferrable. It must bear being run twice."""
    return Deferred(verb)


def every(cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Let the worker run a verb on a schedule (five cron fields, UTC); overdue runs are not repeated."""

    def schedule(verb: Callable[[], None]) -> Callable[[], None]:
        name = f"{verb.__module__}.{verb.__qualname__}"

        def at_time(timestamp: int) -> None:
            verb()

        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(at_time))
        return verb

    return schedule

import datetime as dt

import pytest
from django.db import connection
from procrastinate import testing
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from confrere.post.jobs import Failed, every, take_up_stranded, task

seen: list[int] = []


@task
def note(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    seen.append(id)


@every("0 3 * * *")
def tidy() -> None:
    seen.append(0)


def test_a_verb_on_a_schedule_is_run_by_the_clock_and_can_be_called() -> None:
    name = f"{__name__}.tidy by the clock"
    [scheduled] = [each for each in app.periodic_registry.periodic_tasks.values() if each.task.name == name]
    assert scheduled.cron == "0 3 * * *"
    scheduled.task(timestamp=0)
    tidy()
    assert seen == [0, 0]
    seen.clear()


@task
def stumble(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    raise ValueError("what Dr. Osei typed")


def test_the_log_learns_where_a_verb_failed_and_nothing_that_was_typed() -> None:
    with pytest.raises(Failed, match=r"^ValueError at .*test_jobs\.py:\d+$") as caught:
        stumble.work(id=1)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.usefixtures("empty_queue")
def test_jobs_of_a_dead_worker_are_put_back() -> None:
    now = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)
    note.defer(id=7)
    note.defer(id=8)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s), (%s) RETURNING id",
            [now - dt.timedelta(seconds=50), now - dt.timedelta(seconds=61)],
        )
        [(alive,), (dead,)] = cursor.fetchall()
        for job, worker in zip(ProcrastinateJob.objects.order_by("pk"), (alive, dead), strict=True):
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job.pk]
            )
    assert take_up_stranded(now=now) == 1
    assert list(ProcrastinateJob.objects.order_by("pk").values_list("status", flat=True)) == ["doing", "todo"]


def begin() -> None:
    """A worker has taken every job, and has died."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")


@pytest.mark.usefixtures("empty_queue")
class TestTask:
    def test_a_deferred_verb_waits_in_the_queue(self) -> None:
        note.defer(id=7)
        assert list(ProcrastinateJob.objects.values_list("task_name", "args", "status")) == [
            (f"{__name__}.note", {"id": 7}, "todo")
        ]
        assert seen == []

    def test_it_can_be_called_at_once(self) -> None:
        note(id=8)
        assert seen == [8]
        seen.clear()

    @pytest.mark.parametrize("argument", ["a.osei@example.org", True, 1.0, None])
    def test_only_numbers_of_rows_may_be_arguments(self, argument: object) -> None:
        with pytest.raises(TypeError, match="a job takes numbers of rows by name, nothing else: \\['id'\\]"):
            note.defer(id=argument)  # type: ignore[arg-type]  # what the guard is for
        assert ProcrastinateJob.objects.count() == 0

    def test_arguments_have_names(self) -> None:
        with pytest.raises(TypeError, match="by position"):
            note.defer(3)  # type: ignore[call-arg]  # what the guard is for

    def test_inside_the_worker_too_a_job_belongs_to_the_transaction(self) -> None:
        with app.replace_connector(testing.InMemoryConnector()):
            note.defer(id=7)
        assert ProcrastinateJob.objects.count() == 1

    def test_a_job_that_waits_is_not_written_again(self) -> None:
        for number in (7, 7, 8):
            note.defer_once(id=number)
        assert list(ProcrastinateJob.objects.order_by("pk").values_list("args", flat=True)) == [{"id": 7}, {"id": 8}]
        begin()
        note.defer_once(id=7)
        assert ProcrastinateJob.objects.count() == 3

    def test_of_two_alike_one_waits_for_its_turn_when_a_worker_died(self) -> None:
        note.defer_once(id=7)
        begin()
        note.defer_once(id=7)
        assert take_up_stranded(now=dt.datetime(2026, 3, 3, tzinfo=dt.UTC)) == 0
        assert sorted(ProcrastinateJob.objects.values_list("status", flat=True)) == ["doing", "todo"]

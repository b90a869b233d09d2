import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from confrere.post.jobs import task

seen: list[int] = []


@task
def note(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    seen.append(id)


@pytest.mark.django_db
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

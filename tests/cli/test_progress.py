"""Progress appears after a second, not before."""

import pytest

from confrere.cli.progress import Progress


def test_quiet_for_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([10.0, 10.9, 11.1])
    progress = Progress(clock=lambda: next(times))
    progress.begins("Reading")
    progress.begins("Writing")
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "Writing …\n")

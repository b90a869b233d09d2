"""Progress appears after a second, not before."""

import pytest

from confrere.cli.progress import Stages


def test_quiet_for_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([10.0, 10.9, 11.1])
    stages = Stages(clock=lambda: next(times))
    stages.begin("Reading")
    stages.begin("Writing")
    caught = capsys.readouterr()
    assert (caught.out, caught.err) == ("", "Writing …\n")

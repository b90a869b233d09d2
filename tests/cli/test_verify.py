"""``confrere verify`` on a rolling record of a simulated trial, and without Django."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from confrere.cli import main
from confrere.science.allocation import AllocationRecord, Arm, BigStick, Entry, commit, draw_arm

KEY = hashlib.sha256(b"labelled test entropy").digest()
ARMS = (Arm("coaching"), Arm("control"))


def record(*, simulated: bool) -> AllocationRecord:
    history: list[str] = []
    entries = []
    for number in range(12):
        arm = draw_arm(key=KEY, protocol_sha256="0" * 64, stratum="all", history=history, arms=ARMS, mti=3)
        entries.append(Entry(number, "all", hashlib.sha256(b"%d" % number).hexdigest(), arm))
        history.append(arm)
    return AllocationRecord(
        protocol_sha256="0" * 64,
        scheme=BigStick(3),
        arms=ARMS,
        commitment=commit(KEY),
        entries=tuple(entries),
        simulated=simulated,
    )


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_record_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str], simulated: bool) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record(simulated=simulated).published(key=KEY)))
    assert main(["verify", str(path)]) == 0
    assert ("This record is simulated" in capsys.readouterr().out) == simulated


def test_a_record_that_is_not_revealed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record(simulated=False).published()))
    assert main(["verify", str(path)]) == 2
    assert "The key is not revealed yet" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["score", "check", "verify", "allocate"])
def test_commands_need_no_django(command: str) -> None:
    code = (
        f"import sys; from confrere.cli import main; main(['{command}', '--help']); sys.exit('django' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "src"}, check=False, capture_output=True, text=True
    )
    assert found.returncode == 0
    assert "example:" in found.stdout

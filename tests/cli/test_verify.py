"""``confrere verify`` on a rolling record of a simulated trial, and without Django."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from confrere.cli import main
from confrere.science.allocation import (
    AllocationRecord,
    Arm,
    BigStick,
    Entry,
    LotteryRecord,
    commit,
    draw_arm,
    draw_order,
)

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


def test_a_lottery_is_drawn_again_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second, leaves = hashlib.sha256(b"said").digest(), [hashlib.sha256(b"%d" % one).hexdigest() for one in range(5)]
    order = draw_order(key=KEY, second=second, terms_sha256="0" * 64, leaves=leaves)
    made = LotteryRecord(terms_sha256="0" * 64, commitment=commit(KEY), second=second.hex(), places=2, order=order)
    path, bent = tmp_path / "record.json", tmp_path / "bent.json"
    path.write_text(json.dumps(made.published(key=KEY)))
    assert main(["verify", str(path)]) == 0
    assert "verified: 5 lots" in capsys.readouterr().out
    bent.write_text(json.dumps(made.published(key=KEY) | {"order": list(order[::-1])}))
    assert main(["verify", str(bent)]) == 2
    assert "entry 1: The draw gives another leaf at this rank." in capsys.readouterr().err


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

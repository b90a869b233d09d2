"""Draw a rolling record of a million allocations and time `confrere verify` on it.

python validation/allocation/million.py FOLDER [NUMBER]
"""

import json
import resource
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from confrere.science.allocation import AllocationRecord, Arm, BigStick, Entry, commit, leaf, next_arm

SIZE = 100
"""Participants in a stratum: a million are ten thousand strata."""


def main() -> None:
    """Write the record, verify it by the command, print time and memory."""
    folder, number = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    key, protocol = sha256(b"a simulated key").digest(), sha256(b"a simulated protocol").hexdigest()
    arms, scheme = (Arm("coaching"), Arm("control")), BigStick(3)
    started, entries = time.perf_counter(), []
    for first in range(0, number, SIZE):
        stratum, history = f"stratum={first // SIZE}", []
        for counter in range(min(SIZE, number - first)):
            arm = next_arm(
                scheme, key=key, protocol_sha256=protocol, stratum=stratum, history=tuple(history), arms=arms
            )
            nonce = sha256(f"nonce {first + counter}".encode()).digest()[:16]
            made = leaf(nonce=nonce, study_id=f"S{first + counter}", stratum=stratum)
            entries.append(Entry(counter, stratum, made, arm))
            history.append(arm)
    record = AllocationRecord(
        protocol_sha256=protocol,
        scheme=scheme,
        arms=arms,
        commitment=commit(key),
        entries=tuple(entries),
        simulated=True,
    )
    file = folder / "million.json"
    file.write_text(json.dumps(record.published(key=key)), encoding="utf-8")
    print(
        f"{number} allocations drawn and written in {time.perf_counter() - started:.0f} s: {file.stat().st_size} bytes"
    )
    del record, entries
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "confrere.cli", "verify", str(file)], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"verified in {time.perf_counter() - started:.0f} s with at most {memory:.0f} MB")


if __name__ == "__main__":
    main()

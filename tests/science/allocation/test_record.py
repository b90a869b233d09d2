"""The published record: any change is found, and the entry is named."""

import copy
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.science.allocation import (
    AllocationError,
    AllocationRecord,
    Arm,
    Batch,
    BigStick,
    Enrolled,
    Entry,
    Margins,
    Minimisation,
    PermutedBlocks,
    Scheme,
    Simple,
    Verification,
    commit,
    draw_batch,
    leaf,
    next_arm,
    read_record,
    roster_root,
    verify_record,
)

KEY = hashlib.sha256(b"a key for tests").digest()
ARMS = (Arm("coaching"), Arm("control"))
PROTOCOL = hashlib.sha256(b"a protocol").hexdigest()
PEOPLE = [(f"S{number:03}", "woman" if number % 3 else "man") for number in range(20)]
LEAVES = [
    leaf(nonce=hashlib.sha256(study_id.encode()).digest()[:16], study_id=study_id, stratum=stratum)
    for study_id, stratum in PEOPLE
]


def rolling(scheme: Scheme = BigStick()) -> AllocationRecord:  # noqa: B008 - frozen
    histories: dict[str, list[str]] = {"woman": [], "man": []}
    margins = Margins()
    entries = []
    for (_, stratum), mark in zip(PEOPLE, LEAVES, strict=True):
        history = histories[stratum]
        arm = next_arm(
            scheme, key=KEY, protocol_sha256=PROTOCOL, stratum=stratum, history=history, arms=ARMS, margins=margins
        )
        entries.append(Entry(len(history), stratum, mark, arm))
        history.append(arm)
        margins.add(stratum, arm)
    return AllocationRecord(
        protocol_sha256=PROTOCOL, scheme=scheme, arms=ARMS, commitment=commit(KEY), entries=tuple(entries)
    )


def batch() -> AllocationRecord:
    second = hashlib.sha256(b"from the statistician").digest()
    roster = [Enrolled(mark, stratum) for mark, (_, stratum) in zip(LEAVES, PEOPLE, strict=True)]
    drawn = draw_batch(key=KEY, second=second, protocol_sha256=PROTOCOL, roster=roster, arms=ARMS)
    counters = {"woman": 0, "man": 0}
    entries = []
    for enrolled in roster:
        entries.append(Entry(counters[enrolled.stratum], enrolled.stratum, enrolled.leaf, drawn[enrolled.leaf]))
        counters[enrolled.stratum] += 1
    return AllocationRecord(
        protocol_sha256=PROTOCOL,
        scheme=Simple(),
        arms=ARMS,
        commitment=commit(KEY),
        entries=tuple(entries),
        batch=Batch(second.hex(), roster_root(roster)),
    )


def forged(record: AllocationRecord, **changes: Any) -> dict[str, Any]:
    """A record with other contents, and with links that fit them: the forger knows the format."""
    fields = {name: getattr(record, name) for name in record.__slots__} | changes
    return AllocationRecord(**fields).published() | {"key": KEY.hex()}


@pytest.mark.parametrize(
    "record", [rolling(), rolling(PermutedBlocks()), rolling(Simple()), rolling(Minimisation(90, "variance")), batch()]
)
def test_an_honest_record_is_verified(record: AllocationRecord) -> None:
    published = json.loads(json.dumps(record.published(key=KEY)))
    assert verify_record(published) == Verification(True, 20)
    assert read_record(published) == record


def test_a_record_without_its_key_is_not_verified() -> None:
    assert verify_record(rolling().published()) == Verification(
        False, 20, None, "The key is not revealed yet: the chain holds, but the draws cannot be checked."
    )
    with pytest.raises(AllocationError, match="not the one that was committed to"):
        rolling().published(key=hashlib.sha256(KEY).digest())


RECORDS = {"rolling": rolling(), "minimisation": rolling(Minimisation()), "batch": batch()}
TEXTS = {name: json.dumps(made.published(key=KEY)) for name, made in RECORDS.items()}


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=400, deadline=None)
def test_any_change_of_one_byte_is_found(mode: str, data: st.DataObject) -> None:
    text = TEXTS[mode].encode()
    place = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != text[place]))
    try:
        changed = json.loads(text[:place] + bytes([byte]) + text[place + 1 :])
    except ValueError:
        return
    if changed != json.loads(text):
        assert not verify_record(changed).verified


@pytest.mark.parametrize("scheme", [BigStick(), Minimisation()])
@pytest.mark.parametrize("number", [1, 7, 20])
@pytest.mark.parametrize("field", ["counter", "stratum", "leaf", "arm", "link"])
def test_a_changed_entry_is_named(number: int, field: str, scheme: Scheme) -> None:
    record = copy.deepcopy(rolling(scheme).published(key=KEY))
    entry = record["entries"][number - 1]
    entry[field] = entry[field] + 1 if field == "counter" else entry[field].translate({ord("a"): "b", 48: "1"})
    if field == "arm":
        entry["arm"] = "control" if entry["arm"] != "control" else "coaching"
    elif field == "stratum":
        entry["stratum"] += "!"
    checked = verify_record(record)
    assert (checked.verified, checked.first_failure) == (False, number)


def test_a_forger_who_mends_the_links_is_found_by_the_draws() -> None:
    record = rolling()
    entries = list(record.entries)
    other = "control" if entries[4].arm == "coaching" else "coaching"
    entries[4] = Entry(entries[4].counter, entries[4].stratum, entries[4].leaf, other)
    assert verify_record(forged(record, entries=tuple(entries))) == Verification(
        False, 20, 5, f"The draw gives {record.entries[4].arm}; the record says {other}."
    )
    deleted = verify_record(forged(record, entries=record.entries[:3] + record.entries[4:]))
    assert deleted == Verification(False, 19, 6, "The counter is 2; the next in this stratum is 1.")
    twice = (*record.entries[:2], Entry(2, "woman", record.entries[1].leaf, "coaching"))
    assert verify_record(forged(record, entries=twice)).first_failure == 3


def test_a_participant_twice_is_named() -> None:
    record = rolling()
    entries = list(record.entries)
    entries[3] = Entry(entries[3].counter, entries[3].stratum, entries[0].leaf, entries[3].arm)
    assert verify_record(forged(record, entries=tuple(entries))) == Verification(
        False, 20, 4, "This participant was allocated before."
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"batch": Batch("zz" * 32, batch().batch.roster_root)}, "The second contribution is not hexadecimal."),  # type: ignore[union-attr]
        ({"batch": Batch("ab" * 8, batch().batch.roster_root)}, "needs at least 16 bytes"),  # type: ignore[union-attr]
        ({"entries": batch().entries[1:]}, "The roster's root does not fit"),
        ({"commitment": "0" * 64}, "The key does not fit the commitment."),
    ],
)
def test_a_forged_batch_is_refused(changes: dict[str, Any], reason: str) -> None:
    checked = verify_record(forged(batch(), **changes))
    assert not checked.verified
    assert reason in str(checked.reason)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in rolling().published(key=KEY).items() if key != name}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (None, "This is not an allocation record of version 1."),
        ([], "This is not an allocation record of version 1."),
        ({"format": "other"}, "This is not an allocation record of version 1."),
        (without("version") | {"version": 2}, "This is not an allocation record of version 1."),
        (without("version") | {"version": True}, "This is not an allocation record of version 1."),
        (without("") | {"mode": []}, "The mode is rolling or batch, and simulated is true or false."),
        (without("arms"), "The record lacks arms."),
        (without("") | {"extra": 1}, "The record has an unknown key extra."),
        (without("") | {"mode": "guess"}, "The mode is rolling or batch, and simulated is true or false."),
        (without("") | {"simulated": 0}, "The mode is rolling or batch, and simulated is true or false."),
        (without("") | {"key": "AB" * 32}, "The key is not 64 lower-case hexadecimal digits."),
        (without("") | {"commitment": 5}, "The commitment is not 64 lower-case hexadecimal digits."),
        (without("") | {"scheme": {"name": "coin"}}, "The scheme is none of big-stick (mti), permuted-blocks"),
        (without("") | {"scheme": {"name": "permuted-blocks", "sizes": [4.0]}}, "The scheme is none of"),
        (without("") | {"scheme": {"name": "big-stick", "mti": 3, "x": 1}}, "The scheme is none of"),
        (without("") | {"scheme": {"name": "simple", "mti": 3}}, "The scheme is none of"),
        (without("") | {"scheme": {"name": "minimisation", "percent": 80.0, "measure": "range"}}, "The scheme is none"),
        (without("") | {"scheme": {"name": "minimisation", "percent": 80, "measure": "sd"}}, "The scheme is none of"),
        (
            without("") | {"scheme": {"name": "minimisation", "percent": 80, "measure": "range", "x": 1}},
            "The scheme is",
        ),
        (without("") | {"scheme": {"name": "minimisation", "percent": 50, "measure": "range"}}, "The probability of"),
        (forged(batch(), scheme=Minimisation()), "Minimisation draws one participant after the other"),
        (without("") | {"arms": {}}, "An allocation needs two or more arms with different names."),
        (without("") | {"arms": [1]}, "An arm has a name and a whole ratio."),
        (without("") | {"arms": [{"name": 1, "ratio": 1}]}, "An arm has a name and a whole ratio."),
        (without("") | {"arms": [{"name": "a", "ratio": 1.0}]}, "An arm has a name and a whole ratio."),
        (without("") | {"arms": [{"name": "a", "ratio": 1, "x": 1}]}, "The arm has an unknown key x."),
        (without("") | {"entries": {}}, "The entries are a list."),
        (without("") | {"entries": [1]}, "Entry 1 is not an object."),
        (without("") | {"entries": [{}]}, "The entry 1 lacks counter."),
        (
            without("") | {"entries": [dict.fromkeys(("counter", "stratum", "leaf", "arm", "link"), "x")]},
            "Entry 1 needs a whole counter and texts.",
        ),
        (
            without("") | {"last_link": "0" * 64},
            "The last link does not fit: the head was changed, or entries are missing.",
        ),
    ],
)
def test_a_record_of_another_form_is_refused(record: Any, reason: str) -> None:
    checked = verify_record(record)
    assert not checked.verified
    assert checked.first_failure is None
    assert str(checked.reason).startswith(reason)


def test_a_simulated_trial_says_so_in_its_record() -> None:
    record = rolling()
    marked = forged(record, simulated=True)
    assert marked["simulated"] is True
    assert verify_record(marked).verified
    assert not verify_record(marked | {"simulated": False}).verified

"""Keys: what is refused, and what a commitment fixes."""

import hashlib

import pytest

from confrere.science.allocation import AllocationError, check_key, commit, new_key

GOOD = hashlib.sha256(b"a key for tests").digest()


def test_a_new_key_is_accepted_and_never_the_same() -> None:
    keys = {new_key() for _ in range(50)}
    assert len(keys) == 50
    for key in keys:
        check_key(key)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"short",
        GOOD[:31],
        GOOD + b"x",
        bytes(32),
        b"\xff" * 32,
        (42).to_bytes(32),
        (2023).to_bytes(32, "little"),
        (20240115).to_bytes(32),
        (2**40).to_bytes(8).ljust(32, b"\x00"),
        b"2024-01-15".ljust(32, b"\x00"),
        b"2024-01-15 peer coaching trial!!",
        b"0123456789abcdef0123456789abcdef",
        bytes(range(32)),
        bytes(range(200, 40, -5)),
        GOOD[:8] * 4,
    ],
    ids=repr,
)
def test_a_typed_or_patterned_key_is_refused(key: bytes) -> None:
    with pytest.raises(AllocationError, match=r"bytes; it needs 32|not drawn at random"):
        commit(key)


def test_a_commitment_is_a_tagged_hash() -> None:
    assert commit(GOOD) == hashlib.sha256(b"confrere/allocation-key/1\x00" + GOOD).hexdigest()
    assert commit(GOOD) != hashlib.sha256(GOOD).hexdigest()

"""A signed sheet is recognised as it is, and in no other form."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from confrere.vault import signing

TEXT = "All that exists about osei@site.org\n\n  name: Ama Osei – “Dr.”"


def test_a_signed_sheet_is_ours_and_anybody_can_check_it(standing_keys: Path) -> None:
    signed = signing.sign(TEXT)
    assert signed.startswith(TEXT)
    assert signing.is_ours(signed)
    assert signing.is_ours(signed.replace("\n", "\r\n"))  # as a form sends it
    body, _, foot = signed.partition("\n\n-- signed --\n")
    key, signature = (line.partition(": ")[2] for line in foot.splitlines())
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), body.encode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda signed: signed.replace("Osei", "Osey"),
        lambda signed: signed.replace("signature: ", "signature: 0")[:-2],
        lambda signed: signed[: signed.index("key")],
        lambda signed: signed.replace(signing.public_key(), "0" * 64),
        lambda _signed: "",
    ],
)
def test_a_changed_sheet_is_not(standing_keys: Path, spoil: object) -> None:
    assert not signing.is_ours(spoil(signing.sign(TEXT)))  # type: ignore[operator]  # one of the functions above

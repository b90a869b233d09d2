"""A passkey in software, for tests: makes and uses ES256 credentials as a real device does, or wrongly on purpose."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


@dataclass
class Device:
    """One device with one credential."""

    rp_id: str = "localhost"
    origin: str = "http://localhost"
    verifies_user: bool = True
    credential: bytes = b"a credential id of 32 bytes!!!!!"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes = b""
    count: int = 0  # most devices never count

    def make(self, options: dict[str, Any]) -> str:
        """The answer to creation options, as the page's script sends it."""
        self.user = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # the library's own
        data = AttestedCredentialData.create(b"\0" * 16, self.credential, public)
        attestation = AttestationObject.create("none", self._data(FLAG.AT, data), {})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def use(self, options: dict[str, Any]) -> str:
        """The answer to request options, signed."""
        client, data = self._client("webauthn.get", options["challenge"]), self._data(FLAG(0))
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.user)

    def _client(self, kind: str, challenge: str) -> bytes:
        return CollectedClientData.create(kind, challenge, self.origin)

    def _data(self, flags: FLAG, credential: bytes = b"") -> AuthenticatorData:
        flags |= FLAG.UP | (FLAG.UV if self.verifies_user else FLAG(0))
        return AuthenticatorData.create(  # type: ignore[no-any-return]  # untyped there
            sha256(self.rp_id.encode()).digest(), flags, self.count, credential
        )

    def _answer(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.credential),
                "rawId": websafe_encode(self.credential),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )

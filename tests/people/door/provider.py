"""An OpenID Connect provider for tests: a real HTTP server on this machine that signs real tokens."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@dataclass
class Provider:
    """What the institution knows of whoever signs in next, and how it goes wrong on purpose."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: Any = field(default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048))
    signer: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def approve(self, url: str) -> str:
        """Somebody signs in at the address to which our page led: where they are sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, body: Mapping[str, str]) -> Any:
        if path == "/.well-known/openid-configuration":
            places = {name: f"{self.issuer}/{end}" for name, end in PLACES.items()}
            return {"issuer": self.issuer, **places, **self.described}
        if path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/broken":
            return ["no object"]
        return self.token(body)

    def token(self, body: Mapping[str, str]) -> dict[str, Any]:
        asked = self.codes.pop(body["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(body["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"] or body["client_secret"] != "a secret":
            return {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims |= {"sub": "u1", **self.person, **self.wrong}
        key: Any = None if self.algorithm == "none" else self.signer or self.key
        return {"id_token": jwt.encode(claims, key, algorithm=self.algorithm, headers={"kid": "one"})}


PLACES = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port, for as long as it is needed."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.reply({name: values[0] for name, values in parse_qs(text).items()})

        def reply(self, body: dict[str, str]) -> None:
            data = json.dumps(provider.answer(self.path, body)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A mailbox that speaks IMAP4rev1 over TLS in a thread: as much of it as a client needs to read and remove mail."""

import datetime as dt
import re
import socketserver
import ssl
import threading
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "bounces@example.org", "p@ss word"


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "mailbox.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


class Mailbox(socketserver.ThreadingTCPServer):
    """Messages by number, each with its flags."""

    daemon_threads = True

    def __init__(self, pem: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.messages: dict[int, bytes] = {}
        self.flags: dict[int, set[str]] = {}
        self.port = int(self.server_address[1])
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def put(self, raw: bytes) -> int:
        number = len(self.flags) + 1
        self.messages[number], self.flags[number] = raw, set()
        return number


class _Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode():
            tag, _space, command = line.strip().partition(" ")
            self._say(f"{tag} {self._do(command)}")
            if command == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _do(self, command: str) -> str:
        box = self.server
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command.startswith("LOGIN"):
            return "OK in" if command == f'LOGIN {USER} "{PASSWORD}"' else "NO who are you"
        elif command.startswith("SELECT"):
            if command != 'SELECT "INBOX"':
                return "NO no such folder"
            self._say(f"* {len(box.messages)} EXISTS")
        elif command == "UID SEARCH UNSEEN":
            unseen = [str(number) for number in box.messages if "\\Seen" not in box.flags[number]]
            self._say(" ".join(["* SEARCH", *unseen]))
        elif fetched := re.fullmatch(r"UID FETCH (\d+) \(BODY.PEEK\[\]<0.(\d+)>\)", command):
            raw = box.messages[int(fetched[1])][: int(fetched[2])]
            self.wfile.write(b"* 1 FETCH (BODY[]<0> {%d}\r\n%s UID %s)\r\n" % (len(raw), raw, fetched[1].encode()))
        elif stored := re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", command):
            box.flags[int(stored[1])] |= set(stored[2].split())
        elif command == "EXPUNGE":
            for number in [each for each in box.messages if "\\Deleted" in box.flags[each]]:
                del box.messages[number]
        elif command == "LOGOUT":
            self._say("* BYE")
        else:
            return "BAD what"
        return "OK done"

"""The mailbox of reports: over TLS from a server, and from a folder."""

import imaplib
import ssl
from collections.abc import Iterator
from mailbox import Maildir
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.post.imap_server import PASSWORD, USER, Mailbox, certificate

from confrere.post.mailbox import LONGEST, read


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(pem: Path) -> Iterator[Mailbox]:
    box = Mailbox(pem)
    yield box
    box.shutdown()
    box.server_close()


@pytest.fixture
def trusted(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))


def address(server: Mailbox, *, password: str = PASSWORD, folder: str = "INBOX") -> str:
    return f"imaps://{quote(USER)}:{quote(password)}@127.0.0.1:{server.port}/{folder}"


class Reader:
    """Understands what begins with "report"."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def __call__(self, raw: bytes) -> bool:
        self.seen.append(raw)
        return raw.startswith(b"report")


@pytest.mark.usefixtures("trusted")
class TestOverTls:
    def test_what_was_understood_goes_and_the_rest_is_read_once(self, server: Mailbox) -> None:
        server.put(b"report one")
        holiday = server.put(b"I am on holiday")
        server.put(b"report two")
        reader = Reader()
        assert read(address(server), reader=reader) == 2
        assert reader.seen == [b"report one", b"I am on holiday", b"report two"]
        assert list(server.messages) == [holiday]
        assert read(address(server, folder=""), reader=reader) == 0
        assert len(reader.seen) == 3

    def test_of_a_long_message_the_beginning_is_read(self, server: Mailbox) -> None:
        server.put(b"report" + b"x" * LONGEST)
        reader = Reader()
        assert read(address(server), reader=reader) == 1
        assert [len(raw) for raw in reader.seen] == [LONGEST]

    def test_killed_before_it_was_removed_it_is_seen_again(self, server: Mailbox) -> None:
        server.put(b"report one")

        def killed(raw: bytes) -> bool:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            read(address(server), reader=killed)
        assert read(address(server), reader=Reader()) == 1

    def test_a_wrong_password_or_folder_is_said(self, server: Mailbox) -> None:
        with pytest.raises(imaplib.IMAP4.error, match="who are you"):
            read(address(server, password="guess"), reader=Reader())
        with pytest.raises(imaplib.IMAP4.error, match="no folder Reports"):
            read(address(server, folder="Reports"), reader=Reader())


def test_a_server_that_cannot_prove_its_name_gets_no_password(server: Mailbox) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        read(address(server), reader=Reader())


def test_a_folder_is_read_as_well(tmp_path: Path) -> None:
    box = Maildir(tmp_path / "mail")
    box.add(b"report one\n")
    box.add(b"I am on holiday\n")
    reader = Reader()
    place = f"maildir://{tmp_path}/mail"
    assert read(place, reader=reader) == 1
    assert sorted(reader.seen) == [b"I am on holiday\n", b"report one\n"]
    assert [message.get_flags() for message in Maildir(tmp_path / "mail")] == ["S"]
    assert read(place, reader=reader) == 0


@pytest.mark.parametrize("place", ["imap://u:p@host/INBOX", "imaps://host/INBOX", "imaps:///INBOX", "maildir:", "x"])
def test_an_address_that_names_no_mailbox_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="CONFRERE_BOUNCES_URL must read"):
        read(place, reader=Reader())

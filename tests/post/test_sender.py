"""What `confrere doctor` reads in the DNS, from a real name server on this machine."""

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from confrere.post import sender

SPF = "v=spf1 include:mail.example.net -all"
DKIM = "v=DKIM1; k=rsa; p=MIIB"
DMARC = "v=DMARC1; p=reject"


class NameServer:
    """Answers questions for texts over UDP, one thread, until it is closed."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.failing = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:" + str(self.socket.getsockname()[1])
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while True:
            asked, who = self.socket.recvfrom(4096)
            if asked == b"end":
                return
            self.socket.sendto(self.answer(dns.message.from_wire(asked)).to_wire(), who)

    def answer(self, question: dns.message.Message) -> dns.message.Message:
        made = dns.message.make_response(question)
        made.flags |= dns.flags.RA
        name = question.question[0].name
        texts = self.records.get(str(name).rstrip("."))
        if self.failing:
            made.set_rcode(dns.rcode.SERVFAIL)
        elif texts is None:
            made.set_rcode(dns.rcode.NXDOMAIN)
        else:
            for text in texts:
                quoted = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
                made.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", quoted))
        return made

    def close(self) -> None:
        self.socket.sendto(b"end", self.socket.getsockname())
        self.thread.join()
        self.socket.close()


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    server.records = {
        "mail.hospital.org": [SPF, "another text"],
        "s1._domainkey.mail.hospital.org": [DKIM],
        "_dmarc.mail.hospital.org": [DMARC],
    }
    yield server
    server.close()


def looked(names: NameServer, *, address: str = "Peer <a@mail.hospital.org>", selector: str = "s1") -> dict[str, str]:
    found = sender.look(sender=address, selector=selector, server=names.address)
    return {each.about: f"{'ok' if each.well else 'LOOK'} {each.sentence}" for each in found}


def test_a_site_in_order(names: NameServer) -> None:
    assert looked(names) == {
        "SPF": "ok mail.hospital.org says which servers send for it.",
        "DKIM": "ok There is a key at s1._domainkey.mail.hospital.org. That your server signs with it, a letter of "
        "yours shows.",
        "DMARC": "ok mail.hospital.org has forged letters put aside or refused (p=reject).",
    }


def test_a_site_without_anything(names: NameServer) -> None:
    names.records = {"mail.hospital.org": []}  # a name without texts
    assert looked(names) == {
        "SPF": "LOOK mail.hospital.org does not say which servers send for it (SPF).",
        "DKIM": "LOOK There is no key at s1._domainkey.mail.hospital.org, so nobody can check a signature (DKIM).",
        "DMARC": "LOOK mail.hospital.org does not say what becomes of letters that only pretend to be its (DMARC).",
    }


@pytest.mark.parametrize(
    ("name", "texts", "about", "sentence"),
    [
        (
            "mail.hospital.org",
            [SPF, "v=spf1 -all"],
            "SPF",
            "LOOK mail.hospital.org has 2 SPF records; receivers then believe none.",
        ),
        (
            "mail.hospital.org",
            ["v=spf1 +all"],
            "SPF",
            "LOOK The SPF record of mail.hospital.org lets every server send",
        ),
        ("mail.hospital.org", ["v=spf10 -all"], "SPF", "LOOK mail.hospital.org does not say"),
        ("s1._domainkey.mail.hospital.org", ["v=DKIM1; p="], "DKIM", "is withdrawn."),
        ("s1._domainkey.mail.hospital.org", ["p=MIIB", "junk"], "DKIM", "ok There is a key"),
        ("s1._domainkey.mail.hospital.org", ["p=" + "M" * 600], "DKIM", "ok There is a key"),
        ("s1._domainkey.mail.hospital.org", ["v=DKIM2; p=MIIB"], "DKIM", "LOOK There is no key"),
        ("_dmarc.mail.hospital.org", ["v=DMARC1; p=none"], "DMARC", "which only watches (p=none)"),
        (
            "_dmarc.mail.hospital.org",
            ["v=DMARC1; p=perhaps"],
            "DMARC",
            "LOOK The DMARC record of mail.hospital.org names",
        ),
        ("_dmarc.mail.hospital.org", ["v=DMARC1"], "DMARC", "LOOK The DMARC record of mail.hospital.org names"),
    ],
)
def test_what_is_wrong_is_said(names: NameServer, name: str, texts: list[str], about: str, sentence: str) -> None:
    names.records[name] = texts
    assert sentence in looked(names)[about]


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("v=DMARC1; p=quarantine", "(p=quarantine)"),
        ("v=DMARC1; p=reject; sp=none", "hospital.org has a DMARC record, which"),
    ],
)
def test_the_policy_of_the_domain_above_holds(names: NameServer, record: str, sentence: str) -> None:
    del names.records["_dmarc.mail.hospital.org"]
    names.records["_dmarc.hospital.org"] = [record]
    assert sentence in looked(names)["DMARC"]


def test_a_selector_that_is_not_named_or_no_name(names: NameServer) -> None:
    assert looked(names, selector="")["DKIM"].startswith("LOOK Set CONFRERE_DKIM_SELECTOR")
    assert looked(names, selector="a" * 70)["DKIM"].startswith("LOOK There is no key")


def test_a_sender_that_nobody_knows(names: NameServer) -> None:
    assert looked(names, address="confrere@localhost") == {
        "sender": "LOOK “localhost” is no domain that others know. Set CONFRERE_SENDER to an address of your site."
    }


def test_without_a_network_it_says_so(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"sender": "LOOK No name server answers here, so the records of mail.hospital.org were not looked up."}
    names.failing = True
    assert looked(names) == said
    monkeypatch.setattr(sender, "PATIENCE", 0.2)
    closed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    closed.bind(("127.0.0.1", 0))  # takes questions and never answers
    names.address = f"127.0.0.1:{closed.getsockname()[1]}"
    assert looked(names) == said
    closed.close()


def test_the_machines_own_name_server_is_asked_unless_one_is_named(
    names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _colon, port = names.address.rpartition(":")

    def configured(self: sender.Resolver, *_given: object) -> None:  # the file of this machine is not the test's
        self.nameservers, self.port = [host], int(port)

    monkeypatch.setattr(sender.Resolver, "read_resolv_conf", configured)
    found = sender.look(sender="a@mail.hospital.org", selector="s1")
    assert [each.well for each in found] == [True, True, True]

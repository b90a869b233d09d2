"""Whether other mail servers can tell that letters really come from this site: SPF, DKIM and DMARC in the DNS.

Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC). Without them letters from a hospital's site look like fraud.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, LifetimeTimeout, NoAnswer, NoNameservers, NoResolverConfiguration, Resolver

#: Seconds for each question.
PATIENCE: Final = 4.0


class Silence(Exception):
    """Nobody answers questions about names here."""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing looked at: whether it is well, and a sentence."""

    about: str
    well: bool
    sentence: str


def look(*, sender: str, selector: str, server: str = "") -> list[Look]:
    """What the DNS says of a sender's domain: SPF, DKIM, DMARC, in this order; one sentence each.

    selector: under which the mail server signs (DKIM); empty: unknown, and so not found.
    server: "address:port" of the name server to ask; empty: the machine's own.
    """
    domain = parseaddr(sender)[1].rpartition("@")[2].rstrip(".").lower()
    if "." not in domain:
        sentence = f"“{domain}” is no domain that others know. Set CONFRERE_SENDER to an address of your site."
        return [Look("sender", False, sentence)]
    names = _Names(server)
    try:
        return [_spf(names, domain), _dkim(names, domain, selector), _dmarc(names, domain)]
    except Silence:
        return [Look("sender", False, f"No name server answers here, so the records of {domain} were not looked up.")]


class _Names:
    """Asks for the texts of a name."""

    def __init__(self, server: str) -> None:
        self._server = server

    def texts(self, name: str) -> list[str]:
        """Every text record of a name, joined as receivers join it; none for a name without. Raises `Silence`."""
        try:
            answer = self._resolver().resolve(name, "TXT", lifetime=PATIENCE, search=False)
        except (NXDOMAIN, NoAnswer):
            return []
        except (LifetimeTimeout, NoNameservers, NoResolverConfiguration, OSError):
            raise Silence from None
        except DNSException:  # a name that cannot be one
            return []
        return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]

    def _resolver(self) -> Resolver:
        resolver = Resolver(configure=not self._server)
        if self._server:
            host, _colon, port = self._server.rpartition(":")
            resolver.nameservers, resolver.port = [host], int(port)
        return resolver


def _spf(names: _Names, domain: str) -> Look:
    found = [text for text in names.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return Look("SPF", False, f"{domain} does not say which servers send for it (SPF).")
    if len(found) > 1:
        return Look("SPF", False, f"{domain} has {len(found)} SPF records; receivers then believe none.")
    if {"+all", "all"} & set(found[0].lower().split()):
        return Look("SPF", False, f"The SPF record of {domain} lets every server send for it.")
    return Look("SPF", True, f"{domain} says which servers send for it.")


def _dkim(names: _Names, domain: str, selector: str) -> Look:
    if not selector:
        return Look("DKIM", False, "Set CONFRERE_DKIM_SELECTOR to the selector under which your mail server signs.")
    name = f"{selector}._domainkey.{domain}"
    keys = [dict(_tags(text)) for text in names.texts(name)]
    keys = [tags for tags in keys if "p" in tags and tags.get("v", "DKIM1") == "DKIM1"]
    if not keys:
        return Look("DKIM", False, f"There is no key at {name}, so nobody can check a signature (DKIM).")
    if not any(tags["p"] for tags in keys):
        return Look("DKIM", False, f"The key at {name} is withdrawn.")
    return Look("DKIM", True, f"There is a key at {name}. That your server signs with it, a letter of yours shows.")


def _dmarc(names: _Names, domain: str) -> Look:
    """The policy of the domain, or of the nearest one above it that has one."""
    labels = domain.split(".")
    for up in range(len(labels) - 1):
        name = ".".join(labels[up:])
        policies = [dict(_tags(text)) for text in names.texts(f"_dmarc.{name}")]
        policies = [tags for tags in policies if tags.get("v") == "DMARC1"]
        if policies:
            return _policy(name, policies[0].get("sp" if up and "sp" in policies[0] else "p", "").lower())
    return Look("DMARC", False, f"{domain} does not say what becomes of letters that only pretend to be its (DMARC).")


def _policy(name: str, policy: str) -> Look:
    if policy not in {"none", "quarantine", "reject"}:
        return Look("DMARC", False, f"The DMARC record of {name} names no policy that receivers know.")
    if policy == "none":
        return Look(
            "DMARC", True, f"{name} has a DMARC record, which only watches (p=none): forged letters still arrive."
        )
    return Look("DMARC", True, f"{name} has forged letters put aside or refused (p={policy}).")


def _tags(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a record such as "v=DMARC1; p=none"."""
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            yield name.strip().lower(), value.strip()

"""Registers as tables with a declared mapping: state licences, and other countries' registers of physicians.

A mapping is a small TOML file that the site writes once for each source:

    register = "ca-on-cpso"            # short name: letters, digits, hyphens
    kind = "physicians"                # or "licences"
    jurisdiction = "ON"                # of licences: the state
    whole = true                       # a file holds everything
    [columns]
    number = "CPSO Number"
    family = "Last Name"
    given = "First Name"
    status = "Registration Status"
    expires = "Expiry"
    [status]
    active = ["Active Member"]
    revoked = ["Revoked", "Suspended"]
    [fields]                           # of physicians: what the number is listed for
    column = "Specialty"
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from confrere.people.registers.entries import Entry, Field, Licence, Row, day, number, plain
from confrere.people.registers.names import Name
from confrere.people.registers.united_states import need
from confrere.vault.refusals import Refusal

_KEYS = {"register", "kind", "jurisdiction", "whole", "columns", "status", "fields"}
_KINDS = ("physicians", "licences")


type Status = Literal["active", "expired", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class MappedRegister:
    """A register read by a declared mapping; see the module's own words."""

    slug: str
    kind: str
    jurisdiction: str
    whole: bool
    named: Mapping[str, str]  # our name → the column's name in the file
    statuses: Mapping[str, Status]  # the file's word, in small letters → ours

    def columns(self, found: frozenset[str]) -> None:
        """See `Register`."""
        need(found, {plain(title): title for title in self.named.values()}, _("a file of “%s”") % self.slug)

    def read(self, row: Row) -> Iterator[Entry | Licence]:
        """See `Register`. A status that the mapping does not name opens nothing."""
        said = {name: row.get(plain(title), "").strip() for name, title in self.named.items()}
        if not said["number"]:
            return
        status: Status = self.statuses.get(said.get("status", "").lower(), "unknown")
        name = Name(said["family"], said.get("given", ""), said.get("middle", ""))
        if self.kind == "licences":
            yield Licence(self.jurisdiction, number(said["number"]), name, status, day(said.get("expires")))
        else:
            fields = tuple(Field(code=part.strip()) for part in said.get("field", "").split(";") if part.strip())
            yield Entry(number(said["number"]), "person", status == "active", name, (), fields)


def mapping(text: str) -> MappedRegister:
    """A mapping from its file. Each way of being wrong has a sentence (422)."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no(_("The mapping is not TOML: %s.") % error) from None
    if strange := sorted(said.keys() - _KEYS):
        raise _no(_("The mapping has a key “%s” that nobody knows.") % strange[0])
    slug, kind, columns = said.get("register", ""), said.get("kind", ""), dict(said.get("columns", {}))
    if not slug or plain(slug) != slug.replace("-", ""):
        raise _no(_("The mapping needs register = a short name of small letters, digits and hyphens."))
    if kind not in _KINDS:
        raise _no(_('The mapping needs kind = "physicians" or "licences".'))
    if kind == "licences" and not said.get("jurisdiction"):
        raise _no(_('A mapping of licences needs a jurisdiction, such as "CA".'))
    if missing := [name for name in ("number", "family", "status") if not columns.get(name)]:
        raise _no(_("The mapping needs a column for “%s”.") % missing[0])
    if column := dict(said.get("fields", {})).get("column"):
        columns["field"] = column
    statuses = {word.lower(): ours for ours, words in dict(said.get("status", {})).items() for word in words}
    if set(statuses.values()) - {"active", "expired", "revoked"} or "active" not in statuses.values():
        raise _no(_("The mapping's [status] lists words for active, and if you like for expired and revoked."))
    return MappedRegister(slug, kind, said.get("jurisdiction", ""), bool(said.get("whole", True)), columns, statuses)


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=422)

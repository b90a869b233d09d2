"""The files of the United States: NPPES (who has an NPI), LEIE and SAM (who is excluded), NUCC (what codes mean).

NPPES: the monthly file (`npidata_pfile_…`, everything), the weekly one (what changed) and answers of its public
look-up (JSON). A deactivated number keeps a row with a deactivation date and nothing else. Other names of persons
stand in the same row; the file of other names is one of organisations.
LEIE: the list of the Office of Inspector General. Who has no NPI there has ten zeros.
SAM: the exclusions of every federal agency, in their public extract. Few of its rows have an NPI.
"""

from collections.abc import Iterator
from itertools import count, takewhile

from django.utils.translation import gettext as _

from confrere.people.registers.entries import Code, Entry, Exclusion, Field, Row, day, number
from confrere.people.registers.names import Name
from confrere.vault.refusals import Refusal

_LAST, _FIRST = "providerlastnamelegalname", "providerfirstname"
_OFF, _ON = "npideactivationdate", "npireactivationdate"


def need(found: frozenset[str], wanted: dict[str, str], what: str) -> None:
    """Refuse a header that lacks a column: plain name → the name that people know."""
    missing = [title for name, title in wanted.items() if name not in found]
    if missing:
        raise Refusal(
            _("This is not %(what)s: there is no column “%(column)s”.") % {"what": what, "column": missing[0]},
            status=422,
        )


class Nppes:
    """The rows of NPPES, by the names of columns in any order; more columns than we know do no harm."""

    slug = "us-nppes"

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole

    def columns(self, found: frozenset[str]) -> None:
        """See `Register`."""
        wanted = {"npi": "NPI", "entitytypecode": "Entity Type Code", _LAST: "Provider Last Name (Legal Name)"}
        wanted |= {
            _FIRST: "Provider First Name",
            "healthcareprovidertaxonomycode1": "Healthcare Provider Taxonomy Code_1",
        }
        need(found, wanted, _("a file of NPPES"))

    def read(self, row: Row) -> Iterator[Entry]:
        """See `Register`."""
        npi = number(row.get("npi"))
        if not npi:
            return
        name = Name(row.get(_LAST, ""), row.get(_FIRST, ""), row.get("providermiddlename", ""))
        other = Name(
            row.get("providerotherlastname", ""),
            row.get("providerotherfirstname", ""),
            row.get("providerothermiddlename", ""),
        )
        kind = number(row.get("entitytypecode"))
        yield Entry(
            number=npi,
            entity="person" if kind == "1" else "organisation" if kind == "2" else "",
            active=not _deactivated(row.get(_OFF), row.get(_ON)),
            name=name,
            other_names=(other,) if other.family else (),
            fields=tuple(_fields(row)),
        )


def _deactivated(off: object, on: object) -> bool:
    """A number that was switched off and not, later or on the same day, on again."""
    went, came = day(off), day(on)
    return went is not None and (came is None or came < went)


def _fields(row: Row) -> Iterator[Field]:
    for index in takewhile(lambda each: f"healthcareprovidertaxonomycode{each}" in row, count(1)):
        code = row[f"healthcareprovidertaxonomycode{index}"].strip()
        if code:
            yield Field(
                code=code,
                state=row.get(f"providerlicensenumberstatecode{index}", "").strip(),
                licence=row.get(f"providerlicensenumber{index}", "").strip(),
                primary=row.get(f"healthcareproviderprimarytaxonomyswitch{index}", "").strip().upper() == "Y",
            )


def answers(found: object) -> Iterator[Entry]:
    """The entries of an answer of the public look-up. Its numbers come as text or as numbers, empty parts as ""."""
    results = found.get("results") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise Refusal(
            _("This is an answer of the look-up without results, perhaps an error. Nothing was read."), status=422
        )
    for one in results:
        basic = _dict(one.get("basic"))
        kind = str(one.get("enumeration_type", ""))
        yield Entry(
            number=number(one.get("number")),
            entity="person" if kind == "NPI-1" else "organisation" if kind == "NPI-2" else "",
            active=str(basic.get("status", "A")) == "A"
            and not _deactivated(basic.get("deactivation_date"), basic.get("reactivation_date")),
            name=_name(basic),
            other_names=tuple(_name(other) for other in one.get("other_names") or () if other.get("last_name")),
            fields=tuple(_field(each) for each in one.get("taxonomies") or () if each.get("code")),
        )


def _dict(found: object) -> dict[str, object]:
    return found if isinstance(found, dict) else {}


def _name(found: dict[str, object]) -> Name:
    return Name(*(str(found.get(f"{part}_name") or "") for part in ("last", "first", "middle")))


def _field(found: dict[str, object]) -> Field:
    return Field(
        code=str(found["code"]).strip(),
        state=str(found.get("state") or ""),
        licence=str(found.get("license") or ""),
        primary=found.get("primary") in {True, "Y", "true", "True"},
    )


class Leie:
    """The list of excluded individuals and entities: the monthly file, which is the whole list."""

    slug, whole = "us-leie", True

    def columns(self, found: frozenset[str]) -> None:
        """See `Register`."""
        wanted = {"lastname": "LASTNAME", "firstname": "FIRSTNAME", "npi": "NPI", "excldate": "EXCLDATE"}
        need(found, wanted, _("the list of exclusions"))

    def read(self, row: Row) -> Iterator[Exclusion]:
        """See `Register`. Organisations without a number are of no use here."""
        npi = number(row["npi"])
        npi = "" if not npi.strip("0") else npi
        if npi or row["lastname"]:
            yield Exclusion(
                number=npi,
                name=Name(row["lastname"], row["firstname"], row.get("midname", "")),
                state=row.get("state", ""),
                excluded_on=day(row["excldate"]),
                reinstated_on=day(row.get("reindate")),
            )


class Sam:
    """The public extract of exclusions of the System for Award Management: every agency's, as of its day."""

    slug, whole = "us-sam", True

    def columns(self, found: frozenset[str]) -> None:
        """See `Register`."""
        wanted = {"classification": "Classification", "last": "Last", "first": "First", "npi": "NPI"}
        need(found, wanted | {"excludingagency": "Excluding Agency"}, _("the exclusions of SAM"))

    def read(self, row: Row) -> Iterator[Exclusion]:
        """See `Register`. Firms, vessels and entries that are over are of no use here."""
        npi = number(row["npi"])
        npi = "" if not npi.strip("0") else npi
        over = row.get("recordstatus", "").lower() == "inactive"
        if (npi or (row["classification"].lower() == "individual" and row["last"])) and not over:
            yield Exclusion(
                number=npi,
                name=Name(row["last"], row["first"], row.get("middle", "")),
                state=row.get("stateprovince", ""),
                excluded_on=day(row.get("activedate")),
                reinstated_on=None,
            )


class Nucc:
    """The list of provider taxonomy codes, as NUCC publishes it twice a year."""

    slug, whole = "nucc", True

    def columns(self, found: frozenset[str]) -> None:
        """See `Register`."""
        wanted = {"code": "Code", "grouping": "Grouping", "classification": "Classification"}
        need(found, wanted, _("the list of taxonomy codes"))

    def read(self, row: Row) -> Iterator[Code]:
        """See `Register`."""
        if row["code"]:
            title = row.get("displayname") or " ".join(
                part for part in (row["classification"], row.get("specialization", "")) if part
            )
            yield Code(code=row["code"], grouping=row["grouping"], title=title)

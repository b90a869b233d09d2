"""Whether the registers carry a claim. Each way in which they do not has a sentence of its own, with the way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.people import specialties
from confrere.people.queries import registers as found
from confrere.people.queries.registers import Found
from confrere.people.registers import names, taxonomies
from confrere.people.registers.entries import Field
from confrere.people.registers.npi import check_npi
from confrere.vault.refusals import Refusal

#: What the registers say is believed for so long after the day until which a file holds.
FRESH: Final = timedelta(days=30)
#: What bound a person is believed for so long.
EVIDENCE: Final = timedelta(days=365)
UNITED_STATES: Final = "us-nppes"
EXCLUSIONS: Final = "us-leie"
#: Counts, too, from the first file of it that was imported.
ALL_AGENCIES: Final = "us-sam"

WHY: Final[dict[str, str | Promise]] = {
    "register_unknown": _("Choose a register from the list. Others have not been imported here."),
    "register_missing": _(
        "No register has been imported here yet, so nobody can be checked. Your coordinator knows who does it."
    ),
    "data_old": _(
        "The registers here are more than 30 days old, so the door is closed to everyone until newer files have been "
        "imported. You need to do nothing: it opens by itself then. Your coordinator knows who does it."
    ),
    "not_listed": _(
        "The register does not know this number. Compare it with your letter; a new one takes about a week."
    ),
    "organisation": _(
        "This is the number of an organisation. Yours, as a person, is another one: look for type NPI-1."
    ),
    "not_active": _(
        "The register says that this number is not active. Have it reactivated there; the next file opens this door."
    ),
    "other_name": _(
        "The register has this number under another name. Type your name as it stands there; a former name counts if "
        "the register lists it."
    ),
    "account_name": _(
        "Your account has another name than the one you typed. Colleagues read the account's, so change one of them."
    ),
    "nurse": _(
        "The register lists this number for nursing or for a physician assistant. This room is for physicians only."
    ),
    "not_physician": _("The register lists this number for another profession. This room is for physicians only."),
    "no_field": _("The register lists no profession for this number. Add yours there; the next file opens this door."),
    "excluded": _(
        "This number is on a federal list of excluded persons. If that is a mistake, the Office of Inspector General, "
        "or the agency named at SAM.gov, corrects it; then claim again."
    ),
    "licence_missing": _("Type the number of your licence, and the state that gave it."),
    "licence_no_file": _(
        "No file of this state's licences has been imported here, so yours cannot be checked. Ask your coordinator, or "
        "give the licence of another state."
    ),
    "licence_unknown": _("The state's file has no licence of this number. Compare it with your licence card."),
    "licence_other_name": _("The state's file has this licence under another name. Give the number of your own."),
    "licence_expired": _(
        "The state's file says that this licence has expired. Once it is renewed, the next file opens this door."
    ),
    "licence_revoked": _(
        "The state's file says that this licence is revoked or suspended. The board of that state can tell you more."
    ),
    "licence_unclear": _(
        "The state's file gives this licence a status that we cannot read as active. Ask your coordinator to look."
    ),
    "specialty_missing": _("Choose your field from the list: the register does not say it."),
    "standing": _("You have a claim already. Give it up first if it was a mistake."),
    "revoked_before": _(
        "Your membership was taken back by moderators, so a new claim is not possible here. Write to your coordinator."
    ),
    "too_many_numbers": _(
        "You have claimed two other numbers within the last 90 days. Ask your coordinator, if this one is yours."
    ),
    "too_many": _("That was the tenth try today. Come back tomorrow, with your letter from the register beside you."),
    "other_person": _(
        "Moderators found that this number is somebody else's. If they are wrong, write to your coordinator."
    ),
    "refused": _("Two moderators looked and could not recognise you. Claim again, and choose another way to show it."),
    "held": _("A moderator has closed the door until two of them have looked. You get a letter when they have."),
    "namesake": _(
        "You have shown who you are. Somebody of your name is on a list of excluded persons, so two moderators look."
    ),
    "second_claim": _(
        "A second person says that your register number is theirs, so the door is closed to both until two moderators "
        "have looked. It is nothing that you did; you get a letter when they have."
    ),
    "taken_back": _("Two moderators took your membership back. Write to your coordinator if you think they are wrong."),
    "evidence_old": _("What showed who you are is twelve months old. Show it again in one of four ways; it is quick."),
    "given_up": _("You gave this claim up."),
}


class Unfit(Refusal):
    """The registers do not carry a claim. why: a key of `WHY`."""

    def __init__(self, why: str, *, status: int = 422) -> None:
        super().__init__(str(WHY[why]), status=status)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person typed. jurisdiction and licence are empty for those in training; specialty mostly, too."""

    register: str
    number: str
    given: str
    family: str
    jurisdiction: str = ""
    licence: str = ""
    specialty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A claim that the registers carry. data_of: until which day the oldest of them holds."""

    number: str
    trainee: bool
    specialty: str
    data_of: date
    namesake: bool
    evidence: dict[str, str | int]


def check_fits(*, said: Said, now: datetime) -> Fit:
    """What the registers say of a claim; raises `Refusal` or `Unfit` (422) for the first thing that does not fit."""
    american = said.register == UNITED_STATES
    number = check_npi(said.number) if american else said.number.strip()
    entry = _entry(said.register, number)
    _check_person(entry, said)
    kind, code = _profession(entry) if american else ("physician", _first(entry.fields))
    until = [entry.as_of]
    evidence: dict[str, str | int] = {"register": said.register, "file": entry.file, "code": code}
    if american:
        until.append(_not_excluded(number))
    if american and kind == "physician":
        licence_until, licence_file = _licensed(said, now)
        until.append(licence_until)
        evidence["licence_file"] = licence_file
    data_of = min(until)
    if is_stale(data_of, now=now):
        raise Unfit("data_old", status=503)
    return Fit(
        number=number,
        trainee=kind == "trainee",
        specialty=_specialty(code, said.specialty),
        data_of=data_of,
        namesake=american and bool(found.namesakes(given=said.given, family=said.family)),
        evidence={**evidence, "data_of": data_of.isoformat()},
    )


def is_stale(day: date, *, now: datetime) -> bool:
    """Whether what holds until a day is more than thirty days old."""
    return now.date() - day > FRESH


def counts_until(*, bound_at: datetime, data_of: date) -> datetime:
    """Until when a binding opens the door: twelve months, or the end of the thirtieth day of the data."""
    return min(bound_at + EVIDENCE, datetime.combine(data_of + FRESH + timedelta(days=1), time(), UTC))


def _entry(register: str, number: str) -> Found:
    claimable = found.claimable()
    if not claimable:
        raise Unfit("register_missing", status=503)
    if register not in claimable:
        raise Unfit("register_unknown")
    entry = found.listed(register=register, number=number)
    if entry is None:
        raise Unfit("not_listed")
    return entry


def _check_person(entry: Found, said: Said) -> None:
    if entry.entity == "organisation":
        raise Unfit("organisation")
    if not entry.active or not entry.entity:
        raise Unfit("not_active")
    if not names.same_person(given=said.given, family=said.family, listed=entry.names):
        raise Unfit("other_name")


def _profession(entry: Found) -> tuple[str, str]:
    """(physician or trainee, the code that says so); the primary field first. A resident with a full entry is one."""
    ordered = sorted(entry.fields, key=lambda field: not field.primary)
    if not ordered:
        raise Unfit("no_field")
    groupings = found.groupings([field.code for field in ordered])
    kinds = [(taxonomies.kind(one.code, grouping=groupings.get(one.code, "")), one.code) for one in ordered]
    for wanted in ("physician", "trainee"):
        for kind, code in kinds:
            if kind == wanted:
                return kind, code
    raise Unfit("nurse" if any(kind == "nurse" for kind, _code in kinds) else "not_physician")


def _first(fields: Iterable[Field]) -> str:
    return next((field.code for field in fields), "")


def _not_excluded(number: str) -> date:
    """Until which day the list of exclusions holds, which does not name this number."""
    day = found.newest(EXCLUSIONS)
    if day is None:
        raise Unfit("register_missing", status=503)
    if found.excluded(number):
        raise Unfit("excluded")
    more = found.newest(ALL_AGENCIES)
    return min(day, more) if more else day


def _licensed(said: Said, now: datetime) -> tuple[date, int]:
    """(until which day the state's file holds, its number), in which the licence is this person's and in force."""
    if not said.licence.strip() or not said.jurisdiction:
        raise Unfit("licence_missing")
    day = found.licences_until(said.jurisdiction)
    if day is None:
        raise Unfit("licence_no_file")
    licence = found.licence(jurisdiction=said.jurisdiction, number=said.licence)
    if licence is None:
        raise Unfit("licence_unknown")
    listed: Sequence[names.Name] = [names.Name(*parts) for parts in licence.names]
    if not names.same_person(given=said.given, family=said.family, listed=listed):
        raise Unfit("licence_other_name")
    if licence.status == "revoked":
        raise Unfit("licence_revoked")
    if licence.status == "expired" or (licence.expires_on is not None and licence.expires_on < now.date()):
        raise Unfit("licence_expired")
    if licence.status != "active":
        raise Unfit("licence_unclear")
    return day, licence.file


def _specialty(code: str, own: str) -> str:
    """Our specialty for a code; where the register says none, what the person chose."""
    said = taxonomies.specialty(code)
    by_name = {label.lower(): slug for slug, label in specialties.labels().items()}
    slug = said or by_name.get(code.lower(), "") or own
    if slug not in specialties.labels():
        raise Unfit("specialty_missing")
    return slug

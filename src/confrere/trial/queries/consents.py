"""Reading consents: who has to be asked again, what changed between two versions, and who will see what."""

import difflib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.trial.models import Consent, ConsentText, Trial
from confrere.trial.protocol import Certificate
from confrere.trial.queries.trials import protocol
from confrere.vault import classification as kept
from confrere.vault import days

#: Days that somebody has to read new words and decide; afterwards no questions are asked until they do.
ASKED_FOR = 28


@dataclass(frozen=True, slots=True)
class Sight:
    """One kind of data: what it is, who can reach it in words and by role now, how long it lives.

    roles: each role that can read it, with how many people have that role in the programme at this moment.
    """

    what: str
    who: str
    roles: tuple[tuple[str, int], ...]
    period: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the text: kept "same", "new" or "gone"."""

    kind: str
    line: str


def texts(trial: Trial) -> list[ConsentText]:
    """Every version, the newest first."""
    return list(ConsentText.objects.filter(trial=trial).order_by("-version"))


def changes(before: str, after: str) -> list[Change]:
    """What was taken away and added, line by line, in the order of reading."""
    names = {"  ": "same", "+ ": "new", "- ": "gone"}
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [Change(names[line[:2]], line[2:]) for line in found if line[:2] in names and line[2:].strip()]


def asked_again(trial: Trial) -> ConsentText | None:
    """The newest version that earlier signers have to decide about; None where nothing newer than the first asks."""
    return ConsentText.objects.filter(trial=trial, ask_again=True, version__gt=1).order_by("-version").first()


def decides_until(text: ConsentText) -> datetime:
    """Until when people have time to decide about a version."""
    return days.ceiling(text.published_at + timedelta(days=ASKED_FOR))


def undecided(trial: Trial) -> list[int]:
    """Persons who signed once and not yet the words that they are asked about, in the order of signing. Two queries."""
    newest = asked_again(trial)
    if newest is None:
        return []
    signed: dict[int, int] = {}
    for person, version in (
        Consent.objects.filter(text__trial=trial).order_by("pk").values_list("person", "text__version")
    ):
        signed[person] = max(version, signed.get(person, 0))
    return [person for person, version in signed.items() if version < newest.version]


def sights(*, programme: int, now: datetime) -> list[Sight]:
    """Who will see what, from the classes of the stored fields and from the roles that people have now."""
    number = {role: len(people.members_of(programme, role, now)) for role in Role}
    return [
        Sight(
            what=what,
            who=kept.sentence_of(name),
            roles=tuple(
                (str(role.label), number[role])
                for role in Role
                if role in kept.readers_of(name) and role != Role.PARTICIPANT
            ),
            period=kept.classes()[name].period,
        )
        for name, what in _kinds().items()
    ]


def _kinds() -> dict[str, str]:
    return {
        kept.CONSENT: _("Your name under this consent"),
        kept.ANSWER: _("What you answer in surveys"),
        kept.ALLOCATION: _("What chance decides for you"),
        kept.PLACE: _("Whether you hold a place, and what you stop"),
        kept.LINK: _("Which study code is yours"),
        kept.BOOKING: _("Whom you meet for coaching, and when"),
        kept.HELD_SESSION: _("That a session took place"),
        kept.CONDUCT: _("Notes on how the study is run"),
        kept.FROZEN: _("The data that are analysed"),
        kept.RELEASE: _("The tables that leaders read"),
    }


def certificate(trial: Trial, *, on: date) -> Certificate | None:
    """The Certificate of Confidentiality that is in force on a day; None without one."""
    found = protocol(trial).certificate
    if found is None or (found.issued or on) > on or (found.expires or on) < on:
        return None
    return found


def certified(*, on: date) -> dict[int, str]:
    """Programme → number of the certificate that protects its study data; what it once protected, it protects on."""
    found = {trial.programme_id: protocol(trial).certificate for trial in Trial.objects.order_by("pk")}
    return {programme: one.number for programme, one in found.items() if one is not None and (one.issued or on) <= on}

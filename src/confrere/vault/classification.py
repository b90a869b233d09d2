"""The class of every stored field: who sees it and how long it lives.

A field declares its class as its `db_comment`, so that the database itself says what each column holds:

    email = models.EmailField(db_comment=kept.ACCOUNT)

What a class means (door, audience, owner, period, legal basis, end act) stands in `retention.toml` beside this file.
The visibility chip, the disclosure sheet and the retention job all read it from there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from django.apps import apps
from django.db import models

from confrere.vault.audiences import AUDIENCES

type Door = Literal["identity", "study", "operations"]

#: Identity door
ACCOUNT: Final = "account"  # name, address, zone, quiet hours
SIGN_IN: Final = "sign_in"  # codes, passkeys, sessions
MEMBERSHIP: Final = "membership"  # who has which role in which programme
CREDENTIAL: Final = "credential"  # what was verified, when, by what evidence
ROSTER: Final = "roster"  # the mailboxes that an institution gave us for its physicians
BADGE: Final = "badge"  # pictures of a badge and a face, for two moderators: 72 hours
CONSENT: Final = "consent"  # name, time, meaning, hash of the exact text
LINK: Final = "link"  # person <-> study id, ciphertext and blind index
PARCEL: Final = "parcel"  # where a thank-you for a survey is sent: no study id, no survey
RECRUITMENT: Final = "recruitment"  # whom announcements go to: until recruitment has ended
#: Study door
PLACE: Final = "place"  # held, final, waiting, withdrawn: under the study id
ANSWER: Final = "answer"  # what was answered: under the study id
PULSE: Final = "pulse"  # anonymous: tokens, sealed answers, answers that lead to nobody
ALLOCATION: Final = "allocation"  # arm, stratum, counter, nonce: append-only
FROZEN: Final = "frozen"  # frozen data sets and what was computed from them
RELEASE: Final = "release"  # tables that leaders may read
#: Operations door
PROGRAMME: Final = "programme"  # names, protocol, texts: open to everyone in the programme
COACH_PAGE: Final = "coach_page"  # biography and hours offered: participants of the programme
COACH_FILE: Final = "coach_file"  # how somebody became a coach: stages, days, complaints by kind
SHUNNED: Final = "shunned"  # check sums of whom a participant does not want to meet
BUSY: Final = "busy"  # a coach's other calendar: its sealed address and busy times
BOOKING: Final = "booking"  # who meets whom when: the two people, until the programme ends + 30 days
GATHERING: Final = "gathering"  # group sessions and supervision: when and who leads, never who of the physicians came
HELD_SESSION: Final = "held_session"  # "session k happened" and nothing else
WORKBOOK: Final = "workbook"  # ciphertext: vision, goals, reflections; opens on the person's own device only
WORKBOOK_MARK: Final = "workbook_mark"  # that there is one, its number and version
SHOWING: Final = "showing"  # ciphertext on its way to one device, for minutes
ENTITLEMENT: Final = "entitlement"  # how many sessions until when: the person and the coordinator
SERVICE_PLACE: Final = "service_place"  # who waits for, has or had a place in a service without a trial
HANDED_OUT: Final = "handed_out"  # who took which rows away, when and for what
THEME: Final = "theme"  # what one coach ticked about the workplace, until it is pooled
PAY: Final = "pay"  # coach, date, minutes, rate: no participant
LOUNGE: Final = "lounge"  # verified members read it
READ_MARK: Final = "read_mark"  # how far a member has read: only the member
LOUNGE_OWN: Final = "lounge_own"  # drafts, interests, votes: only the member
MODERATION: Final = "moderation"  # flags, removals, marks of the identifier guard: whose, and the moderators
WITHHELD: Final = "withheld"  # whose withheld name it is: sealed under two keys
UNMASKING: Final = "unmasking"  # who opened a withheld name, and why
OPT_OUT: Final = "opt_out"  # keyed digests of addresses that want no announcement
MAIL: Final = "mail"  # outbox: purged after sending
CONDUCT: Final = "conduct"  # how the study is run: deviations, data queries, unblinding, the data lock
REGISTER: Final = "register"  # copies of public registers of physicians
HOLD: Final = "hold"  # who paused the erasing of what, and why
AUDIT_SEAL: Final = "audit_seal"  # sequence number and digests: never erased
AUDIT_PAYLOAD: Final = "audit_payload"  # actor, action, object, time: erasable by its own class
TECHNICAL: Final = "technical"  # keys, versions, job arguments: nothing about a person

#: What a model says of itself when its rows are never changed: `db_table_comment = kept.APPEND_ONLY`.
APPEND_ONLY: Final = "append-only"
#: What Django itself keeps about an implicit or inherited key.
IMPLICIT: Final = TECHNICAL


@dataclass(frozen=True, slots=True)
class End:
    """Rows that the retention job deletes: those of `model` whose time in `since` is `days` days gone."""

    model: str
    since: str
    days: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of stored data: one table of `retention.toml`.

    trace: days that audit payloads about it are kept; 0 is as long as the chain.
    by_hand: why nothing of it is erased by the clock; empty where something is, or where the class has no end.
    """

    name: str
    door: Door
    audience: str
    owner: str
    period: str
    trace: int
    basis: str
    end: Literal["delete", "blank", "detach", "none"]
    export: bool
    ends: tuple[End, ...] = ()
    by_hand: str = ""

    @property
    def title(self) -> str:
        """The name for reading."""
        return self.name.replace("_", " ")


@cache
def classes() -> Mapping[str, Kept]:
    """Every class by its name, in the order of the file."""
    return {name: _kept(name, said) for name, said in _file()["classes"].items()}


@cache
def library_tables() -> Mapping[str, str]:
    """The class of each table that a library made."""
    return dict(_file()["tables"])


def class_of(field: str) -> Kept:
    """The class of "room.Model.field". Raises KeyError for a field without a known class, LookupError without one."""
    label, _dot, name = field.rpartition(".")
    return classes()[class_name(apps.get_model(label)._meta.get_field(name))]


def class_name(field: "models.Field[Any, Any] | Any") -> str:
    """What a concrete model field declares, or its library's table; "" if nobody has classified it."""
    if field.db_comment:
        return str(field.db_comment)
    if field.primary_key and getattr(field, "auto_created", False):
        return IMPLICIT
    return library_tables().get(field.model._meta.db_table, "")


def tables() -> Mapping[str, type[models.Model]]:
    """Every table that a model stands for, ours and the libraries', by its name."""
    found = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return {model._meta.db_table: model for model in found}


def append_only_tables() -> list[str]:
    """Tables whose rows nobody changes or removes: what models say of themselves in `db_table_comment`."""
    return sorted(table for table, model in tables().items() if model._meta.db_table_comment == APPEND_ONLY)


def export_tables() -> list[str]:
    """Tables that exports may read: every column may be exported, and not all of them are merely technical."""
    return sorted(table for table, model in tables().items() if _may_be_exported(model))


def _may_be_exported(model: type[models.Model]) -> bool:
    found = {class_name(field) for field in model._meta.concrete_fields}
    return found != {TECHNICAL} and all(name in classes() and classes()[name].export for name in found)


def holdable() -> list[str]:
    """The classes that the clock erases, and that a legal hold can therefore pause."""
    return sorted(one.name for one in classes().values() if one.end != "none" and not one.by_hand)


def audience_code(kept: str) -> str:
    """The audience of a field ("room.Model.field"), of a class, or of "nothing". Raises KeyError if unknown."""
    if kept in AUDIENCES and kept not in classes():
        return kept
    return (class_of(kept) if "." in kept else classes()[kept]).audience


def audience_of(field: str) -> frozenset[str]:
    """Who can read "room.Model.field" in clear: roles and the relations that `audiences` explains."""
    return AUDIENCES[class_of(field).audience].readers


def readers_of(name: str) -> frozenset[str]:
    """Who can read a class in clear: roles and the relations that `audiences` explains."""
    return AUDIENCES[classes()[name].audience].readers


def sentence_of(kept: str, *, name: str = "") -> str:
    """The chip's words, translated; `name` fills in a specialty or an addressee where the audience has one."""
    audience = AUDIENCES[audience_code(kept)]
    if name and audience.named:
        return str(audience.named) % {"name": name}
    return str(audience.sentence)


def _file() -> dict[str, Any]:
    return tomllib.loads(files("confrere.vault").joinpath("retention.toml").read_text("utf-8"))


def _kept(name: str, said: dict[str, Any]) -> Kept:
    return Kept(name=name, **{**said, "ends": tuple(End(**end) for end in said.get("ends", ()))})

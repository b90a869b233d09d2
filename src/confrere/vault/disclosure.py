"""Everything in the database that belongs to one person, found from the models alone.

A row belongs to a person if it names them: by a foreign key to the account, by one of their study ids, or by their
address where mail and sign-in keep one. A row that names nobody belongs to whom the row it points to belongs to.
Three tables name people in a way of their own: the link (blind index), the audit payloads (inside their body) and
the sessions (inside their data).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q

from confrere.vault import link
from confrere.vault.classification import CONSENT, LINK, MAIL, RECRUITMENT, ROSTER, class_name, tables
from confrere.vault.models import Link, Payload

type Value = str | int | float | bool | Mapping[str, str | int] | None
#: How a table leads to a person: a lookup, and what it ends in.
type Path = tuple[str, str]

PERSON, STUDY, ADDRESS = "person", "study", "address"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about. study_ids: by programme."""

    person: int
    address: str
    study_ids: Mapping[int, str]
    withheld: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """One column and the name of its class."""

    name: str
    kept: str


@dataclass(frozen=True, slots=True)
class Section:
    """One table with the rows that belong to the person, none perhaps. Each row has one value per column."""

    table: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class About:
    """All that the operators could hand over about one person from the database."""

    subject: Subject
    sections: tuple[Section, ...]


#: Behind the identity door, and yet data of a study: who agreed, and which code is whose.
_OF_STUDY: Final = frozenset({CONSENT, LINK})


def about(*, person: int, withheld: Collection[int] = ()) -> About:
    """What exists about the person with this account. One query for each table that can say something about people.

    withheld: programmes whose study data are left out, because a Certificate of Confidentiality forbids to hand them
    over: consents, links, everything under the study id, and audit payloads about any of it.
    """
    user = get_user_model()._default_manager.get(pk=person)
    ids = {programme: code for programme, code in link.by_programme(person=person).items() if programme not in withheld}
    subject = Subject(person=person, address=user.get_username(), study_ids=ids, withheld=frozenset(withheld))
    sections = tuple(
        Section(
            table=table,
            title=str(model._meta.verbose_name),
            columns=columns(model),
            rows=tuple(_row(model, row) for row in rows),
        )
        for table, model, rows in _tables(subject)
    )
    return About(subject=subject, sections=sections)


def columns(model: type[models.Model]) -> tuple[Column, ...]:
    """Every column of a table, with its class."""
    return tuple(Column(name=str(field.column), kept=class_name(field)) for field in model._meta.concrete_fields)


def personal_tables() -> dict[str, type[models.Model]]:
    """The tables whose rows can belong to a person."""
    return {table: model for table, model in sorted(tables().items()) if model in _OWN_WAY or paths(model)}


def _tables(subject: Subject) -> Iterator[tuple[str, type[models.Model], Any]]:
    for table, model in personal_tables().items():
        found = _OWN_WAY[model](subject) if model in _OWN_WAY else _Q_of(paths(model), subject)
        yield table, model, _allowed(model, subject, found).order_by("pk").distinct()


def _allowed(model: type[models.Model], subject: Subject, found: Q) -> "models.QuerySet[models.Model]":
    """The rows of a table without those that are withheld."""
    rows = model._base_manager.filter(found)
    if not subject.withheld:
        return rows
    if model is Payload:
        return rows.exclude(kept_as__in=_OF_STUDY)
    if {class_name(field) for field in model._meta.concrete_fields} & _OF_STUDY:
        return rows.exclude(programme__in=subject.withheld)
    return rows


@cache
def paths(model: type[models.Model]) -> tuple[Path, ...]:
    """Every way from a table to a person; none if its rows say nothing about one."""
    return _paths(model, ())


def _is_address(field: "models.Field[Any, Any] | Any") -> bool:
    """Whether a column may hold the address of somebody without an account: of a letter, or of a list of them."""
    kept = class_name(field)
    return (kept == MAIL and isinstance(field, models.CharField)) or (
        kept in {RECRUITMENT, ROSTER} and isinstance(field, models.EmailField)
    )


def _paths(model: type[models.Model], behind: tuple[type[models.Model], ...]) -> tuple[Path, ...]:
    if model is get_user_model():
        return (("pk", PERSON),)
    own = tuple(_own_paths(model))
    if own:
        return own
    return tuple(
        (f"{field.name}__{way}", end)
        for field in model._meta.concrete_fields
        if field.related_model and field.related_model not in {model, *behind}
        for way, end in _paths(field.related_model, (*behind, model))
    )


def _own_paths(model: type[models.Model]) -> Iterator[Path]:
    for field in model._meta.concrete_fields:
        if field.related_model is get_user_model():
            yield f"{field.name}__pk", PERSON
        elif field.name == "study_id":
            yield field.name, STUDY
        elif _is_address(field):
            yield f"{field.name}__iexact", ADDRESS


def _Q_of(found: tuple[Path, ...], subject: Subject) -> Q:  # noqa: N802  # Django's own name for a condition
    condition = Q(pk__in=[])
    for way, end in found:
        if end == PERSON:
            condition |= Q(**{way: subject.person})
        elif end == ADDRESS:
            condition |= Q(**{way: subject.address})
        else:
            place = way.removesuffix("study_id")
            for programme, code in subject.study_ids.items():
                condition |= Q(**{way: code, f"{place}programme": programme})
    return condition


def _links(subject: Subject) -> Q:
    return Q(pk__in=link.rows_of(subject.person) if subject.study_ids else [])


def _payloads(subject: Subject) -> Q:
    named = [f"person:{subject.person}", *(f"study:{code}" for code in subject.study_ids.values())]
    condition = Q(pk__in=[])
    for name in named:
        condition |= Q(body__contains=f'"{name}"')
    return condition


def _sessions(subject: Subject) -> Q:
    """Sessions name their person inside signed data, so each one is opened."""
    own = [row.pk for row in Session.objects.all() if row.get_decoded().get(SESSION_KEY) == str(subject.person)]
    return Q(pk__in=own)


_OWN_WAY: Final[dict[type[models.Model], Callable[[Subject], Q]]] = {
    Link: _links,
    Payload: _payloads,
    Session: _sessions,
}


def _row(model: type[models.Model], row: models.Model) -> tuple[Value, ...]:
    return tuple(shown(field.value_from_object(row)) for field in model._meta.concrete_fields)


def shown(value: object) -> Value:
    """A stored value as it can be printed; what is not text or number is shown as the octets that it is."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes | memoryview):
        octets = bytes(value)
        return {"octets": len(octets), "hex": octets.hex()}
    return str(value)

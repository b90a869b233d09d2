"""The entitlement ledger: what was granted, what is booked, what was held, what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Value

from confrere.coaching.clock import Span
from confrere.coaching.models import Booking, Entitlement, HeldSession, State


@dataclass(frozen=True, slots=True)
class Ledger:
    """One grant and what has become of it. minutes[k - 1] is the length of session k, for k from 1."""

    entitlement: int
    site: int
    person: int
    zone: str  # IANA name of the person's clock
    minutes: tuple[int, ...]
    since: datetime
    until: datetime
    booked: tuple[tuple[int, Span], ...]  # (k, time) of the sessions that are still to come or to be confirmed
    held: frozenset[int]

    @property
    def taken(self) -> frozenset[int]:
        """The numbers that are booked or were held."""
        return self.held | {k for k, _span in self.booked}

    @property
    def remaining(self) -> int:
        return len(self.minutes) - len(self.taken)

    @property
    def free(self) -> list[int]:
        """The numbers that are neither booked nor held, lowest first."""
        return [k for k in range(1, len(self.minutes) + 1) if k not in self.taken]

    @property
    def next_k(self) -> int | None:
        """The lowest number that is free; None when every session is booked or was held."""
        return next(iter(self.free), None)

    def open_at(self, now: datetime) -> bool:
        """Whether a session is left and may be booked now; `rules.check_entitled` says the same in sentences."""
        return self.since <= now < self.until and self.next_k is not None

    def length(self, k: int) -> int:
        """Minutes of session k, from 1."""
        return self.minutes[k - 1]


def ledger(*, programme: int, person: int, now: datetime, locked: bool = False) -> Ledger | None:
    """The grant from which a person books next: the one that ends first of those with something left.

    If nothing is left anywhere it is the one that ends last, so that the page can say until when it was;
    None if nothing was ever granted. Two queries, however many grants.

    locked: keep the person's grants as they are until the transaction ends; what is booked is read after that.
    """
    rows = Entitlement.objects.filter(programme_id=programme, person_id=person).select_related("person")
    if locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    ledgers = _ledgers(rows.order_by("until", "pk"))
    usable = [each for each in ledgers if each.until > now and each.next_k is not None]
    return next(iter(usable or ledgers[-1:]), None)


def ledger_of(entitlement: int) -> Ledger:
    """The ledger of one grant, which exists."""
    return _ledgers([Entitlement.objects.select_related("person").get(pk=entitlement)])[0]


def _ledgers(rows: Iterable[Entitlement]) -> list[Ledger]:
    rows = list(rows)
    booked: dict[int, list[tuple[int, Span]]] = {row.pk: [] for row in rows}
    held: dict[int, set[int]] = {row.pk: set() for row in rows}
    no_time = Value(None, output_field=DateTimeRangeField())
    ahead = Booking.objects.filter(entitlement__in=rows, state=State.BOOKED).values_list("entitlement", "k", "during")
    behind = HeldSession.objects.filter(entitlement__in=rows).values_list("entitlement", "k", no_time)
    for entitlement, k, during in ahead.union(behind, all=True).order_by("k"):
        assert k is not None  # the database keeps number and state together
        if during is None:
            held[entitlement].add(k)
        else:
            booked[entitlement].append((k, Span(during.lower, during.upper)))
    return [
        Ledger(
            entitlement=row.pk,
            site=row.site_id,
            person=row.person_id,
            zone=row.person.zone,
            minutes=tuple(row.minutes),
            since=row.since,
            until=row.until,
            booked=tuple(booked[row.pk]),
            held=frozenset(held[row.pk]),
        )
        for row in rows
    ]

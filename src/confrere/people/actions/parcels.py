"""Thank-yous that are sent by post: what there is, who asked for one, what has been shipped.

Nothing here knows a study id or a survey. Asking is noted by the item and the day, never by the person: a person's
event beside the one of a completed survey would join the two.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people import queries, rules
from confrere.people.models import Incentive, Parcel, Programme
from confrere.post.jobs import every
from confrere.vault import audit, days
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases
from confrere.vault.refusals import Refusal


@transaction.atomic
def set_incentive(
    *,
    programme: int,
    incentive: int | None,
    name: str,
    stock: int,
    waves: Sequence[str],
    actor: Actor,
    now: datetime,
) -> int:
    """Offer an item after these waves, or change what is offered; its number. stock counts what was promised, too."""
    # The programme's row is locked, so that two items of one name are refused in words.
    site = Programme.objects.select_for_update(no_key=True).values_list("site", flat=True).get(pk=programme)
    row = Incentive(programme_id=programme, site_id=site) if incentive is None else _locked(programme, incentive)
    rules.check_incentive(programme=programme, incentive=row.pk, name=name, stock=stock)
    row.name, row.stock, row.waves = name, stock, sorted(set(waves))
    row.save()
    _note("people.set_incentive", row.pk, programme, actor=actor, now=now, kept_as=kept.PROGRAMME, stock=stock)
    return row.pk


@transaction.atomic
def ask_parcel(*, programme: int, incentive: int, person: int, address: str, entitled: int, now: datetime) -> None:
    """Ask for an item, of which the person may have so many; a newer address replaces that of one not shipped yet.

    Two who ask for the last one at once are one after the other; the second one is refused.
    """
    item = _locked(programme, incentive)
    mine = Parcel.objects.filter(incentive=item, person_id=person)
    waiting = mine.filter(state=Parcel.State.ASKED)
    if mine.count() >= entitled and waiting.exists():
        waiting.update(address=address)
    else:
        rules.check_can_ask_parcel(incentive=item, had=mine.count(), entitled=entitled)
        Parcel.objects.create(
            programme_id=programme,
            site_id=queries.site_of(person=person, programme=programme) or item.site_id,
            incentive=item,
            person_id=person,
            address=address,
            asked_on=days.of(now),
        )
    _note("people.ask_parcel", item.pk, programme, actor=_of_item(item.pk), now=now)


@transaction.atomic
def give_up_parcel(*, programme: int, incentive: int, person: int, now: datetime) -> None:
    """Want it no longer: what was not shipped yet is erased, address and all, and the item is free again."""
    item = _locked(programme, incentive)
    gone, _details = Parcel.objects.filter(incentive=item, person_id=person, state=Parcel.State.ASKED).delete()
    if gone:
        _note("people.give_up_parcel", item.pk, programme, actor=_of_item(item.pk), now=now)


@transaction.atomic
def ship_parcels(
    *,
    programme: int,
    parcels: Collection[UUID],
    actor: Actor,
    now: datetime,
    sites: frozenset[int] | None = None,
) -> int:
    """Mark as shipped, of these sites or of every one; how many were not so before."""
    rows = Parcel.objects.filter(programme=programme, pk__in=parcels, state=Parcel.State.ASKED, **queries.at(sites))
    done = rows.update(state=Parcel.State.SHIPPED, shipped_on=days.of(now))
    _counted("people.ship_parcels", programme, done, actor=actor, now=now)
    return done


@transaction.atomic
def unship_parcel(
    *, programme: int, parcel: UUID, actor: Actor, now: datetime, sites: frozenset[int] | None = None
) -> int:
    """It was marked by mistake: it waits again. Not once its address is erased; how many (0 or 1)."""
    rows = Parcel.objects.filter(programme=programme, pk=parcel, state=Parcel.State.SHIPPED, **queries.at(sites))
    done = rows.exclude(address="").update(state=Parcel.State.ASKED, shipped_on=None)
    _counted("people.unship_parcel", programme, done, actor=actor, now=now)
    return done


@transaction.atomic
def drop_parcel(*, programme: int, parcel: UUID, actor: Actor, now: datetime) -> int:
    """It is not sent: row and address are erased, and the item is free again; how many (0 or 1)."""
    done, _details = Parcel.objects.filter(programme=programme, pk=parcel, state=Parcel.State.ASKED).delete()
    _counted("people.drop_parcel", programme, done, actor=actor, now=now)
    return done


@every("17 2 * * *")
def shuffle_at_night() -> None:
    """Let the worker write all parcels anew in random order."""
    shuffle_parcels(now=timezone.now())


@transaction.atomic
def shuffle_parcels(*, now: datetime) -> int:
    """Write every row of earlier days anew, in random order and one transaction; how many.

    Neither their place on the disk nor their transaction then tells in which order people asked.
    """
    rows = list(Parcel.objects.filter(asked_on__lt=days.of(now)).order_by("?").values_list("pk", flat=True))
    for pk in rows:
        Parcel.objects.filter(pk=pk).update(state=F("state"))
    return len(rows)


@erases(kept.PARCEL)
def erase_parcels(*, now: datetime, held: frozenset[int]) -> int:
    """Addresses thirty days after shipping; every row of programmes that are long over."""
    gone, _details = Parcel.objects.filter(programme__in=queries.long_over(now=now) - held).delete()
    shipped = Parcel.objects.filter(shipped_on__lte=days.of(now - queries.GRACE)).exclude(programme__in=held)
    return gone + shipped.exclude(address="").update(address="")


def _locked(programme: int, incentive: int) -> Incentive:
    row = Incentive.objects.select_for_update(no_key=True).filter(programme=programme, pk=incentive).first()
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return row


def _of_item(incentive: int) -> Actor:
    """Somebody who asked for this item, on a day."""
    return Actor(f"incentive:{incentive}", by_day=True)


def _counted(action: str, programme: int, done: int, *, actor: Actor, now: datetime) -> None:
    """An event for what the coordinator did, where anything was done. It names no person: the page does."""
    if done:
        audit.record(
            action=action,
            actor=actor,
            about="parcels",
            programme=programme,
            kept_as=kept.PARCEL,
            now=now,
            details={"parcels": done},
        )


def _note(
    action: str,
    incentive: int,
    programme: int,
    *,
    actor: Actor,
    now: datetime,
    kept_as: str = kept.PARCEL,
    **details: int,
) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"incentive:{incentive}",
        programme=programme,
        kept_as=kept_as,
        now=now,
        details=details,
    )

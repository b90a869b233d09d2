"""What time does to data, and what two people may do together: nothing lives longer than its class says."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, transaction

from confrere.vault import audit, erasers, queries
from confrere.vault import classification as kept
from confrere.vault.disclosure import About, about
from confrere.vault.rules import check_may_disclose


@transaction.atomic
def expire(*, now: datetime) -> dict[str, int]:
    """Let end what has ended: rows whose class names a time, each room's rows by its own eraser, audit payloads.

    How many went, by table or class. A legal hold pauses the classes that it names, in its programme; rows that belong
    to no programme are paused by a hold in any. Running it twice changes nothing more. One event tells the numbers.
    """
    held = queries.held()
    gone = {
        end.model: _delete(end, now=now) for one in kept.classes().values() for end in one.ends if one.name not in held
    }
    for name, erase in erasers.registered().items():
        gone[name] = erase(now=now, held=held.get(name, frozenset()))
    gone["vault.Payload"] = erase_payloads(now=now)
    told: dict[str, str | int] = {table: number for table, number in gone.items() if number}
    if told:
        audit.record(
            action="vault.expire",
            actor=audit.Actor.system("retention"),
            about="classes",
            programme=None,
            kept_as=kept.TECHNICAL,
            now=now,
            details=told,
        )
    return gone


def erase_payloads(*, now: datetime) -> int:
    """Erase the audit payloads whose class has ended; how many. One event in the chain tells which numbers.

    The database decides by its own table of periods and counts no moment later than its own clock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT vault_erase_payloads(%s)", [now])
        (erased,) = cursor.fetchone()
    return int(erased)


@transaction.atomic
def disclose(
    *,
    person: int,
    operators: Sequence[int],
    reason: str,
    now: datetime,
    certified: Collection[int] = (),
    consent: str = "",
) -> About:
    """Everything that exists about a person, for two operators with a reason; the event names all of them.

    certified: programmes under a Certificate of Confidentiality; their study data are withheld unless the person's
    own consent to this disclosure is named, which the event keeps.
    """
    check_may_disclose(operators=operators, reason=reason)
    found = about(person=person, withheld=() if consent.strip() else certified)
    audit.record(
        action="vault.disclose",
        actor=audit.Actor.person(operators[0]) if operators else audit.Actor.system("disclose"),
        about=f"person:{person}",
        programme=None,
        kept_as=kept.ACCOUNT,
        now=now,
        details={"operators": ", ".join(f"person:{one}" for one in operators), "reason": reason.strip()}
        | ({"consent": consent.strip()} if consent.strip() else {}),
    )
    return found


def _delete(end: kept.End, *, now: datetime) -> int:
    ended = {f"{end.since}__lt": now - timedelta(days=end.days)}
    _total, by_table = apps.get_model(end.model)._base_manager.filter(**ended).delete()
    return int(by_table.get(end.model, 0))

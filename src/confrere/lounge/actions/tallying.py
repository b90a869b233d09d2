"""How often somebody posts with the name withheld: counted so that no row leads from a post to a person.

The count stands under a keyed digest. Its key is of one day, lies in the store of keys and in no backup, and is
destroyed the day after together with the counts: from then on nobody can tell who had posted, or how often. What
this does not hide: on the day itself, whoever reads database and store of keys can try every member's number.
"""

import hmac
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.db.models import Case, F, IntegerField, When
from django.utils import timezone

from confrere.lounge.models import Tally
from confrere.lounge.queries.keeping import Pace
from confrere.lounge.rules.keeping import check_tally
from confrere.people.queries import Standing
from confrere.post.jobs import every
from confrere.vault import keys

#: So many days back the job looks for keys that a server which was off has left.
LEFT: Final = 40


def count_withheld(*, standing: Standing, pace: Pace, now: datetime) -> None:
    """Count one more post of this member with the name withheld, today by UTC. In the caller's transaction, under
    its turn. Refuses (429) more of them than a day allows.
    """
    day = now.astimezone(UTC).date()
    token = hmac.digest(_key(day), f"{standing.programme}|{standing.person}".encode(), sha256)
    here = Tally.objects.filter(programme_id=standing.programme, day=day)
    row, _new = here.get_or_create(
        token=token, defaults={"programme_id": standing.programme, "site_id": standing.site, "day": day}
    )
    check_tally(posts=row.posts, pace=pace)
    # Every row of the day is written, so that none shares the transaction of a post alone.
    counted = Case(When(pk=row.pk, then=F("posts") + 1), default=F("posts"), output_field=IntegerField())
    here.update(posts=counted)


@every("5 0 * * *")
def end_tallies() -> None:
    """Destroy the keys and the counts of the days before."""
    end_tallies_at(now=timezone.now())


@transaction.atomic
def end_tallies_at(*, now: datetime) -> int:
    """How many keys were destroyed. The keys first: without them the counts are nobody's."""
    today, store = now.astimezone(UTC).date(), keys.store()
    over = [name for back in range(1, LEFT) if store.exists(name := _name(today - timedelta(days=back)))]
    for name in over:
        store.destroy(name)
    Tally.objects.filter(day__lt=today).delete()
    return len(over)


def _name(day: date) -> str:
    return f"veil-{day:%Y%m%d}"


def _key(day: date) -> bytes:
    """The key of a day, made by its first post; two makers at once agree on the one that was there first."""
    store = keys.store()
    if not store.exists(_name(day)):
        try:
            return store.create(_name(day))
        except keys.KeyTrouble:
            pass
    return store.read(_name(day))

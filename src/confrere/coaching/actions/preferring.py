"""Choosing freely: whom not to meet, and a change of coach without reasons."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from confrere.coaching.actions.booking import cancel
from confrere.coaching.choosing_rules import MOST_SHUNNED
from confrere.coaching.models import Leeway, Shunned
from confrere.coaching.queries.sessions import sessions
from confrere.coaching.rules import check_cancel, nothing_here, reason
from confrere.coaching.shunning import Domain, digest
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal


def domain_of(kind: Shunned.Kind) -> Domain:
    """Names and lines are compared with people, divisions with divisions."""
    return "division" if kind is Shunned.Kind.DIVISION else "person"


@transaction.atomic
def shun(*, programme: int, site: int, person: int, given: Iterable[tuple[Shunned.Kind, str]], now: datetime) -> int:
    """Keep check sums of whom a person does not want to meet; how many were new. The words themselves are kept nowhere.

    given: kind and text; a text without a name in it is refused (422). At most `MOST_SHUNNED` a person.
    """
    rows = [
        Shunned(
            programme_id=programme,
            site_id=site,
            person_id=person,
            kind=kind,
            digest=digest(programme=programme, domain=domain_of(kind), text=text),
        )
        for kind, text in given
    ]
    if not rows or not all(row.digest for row in rows):
        raise Refusal(_("Write a name that tells who is meant."), status=422)
    before = Shunned.objects.filter(programme_id=programme, person_id=person).count()
    if before + len(rows) > MOST_SHUNNED:
        sentence = _("At most %(count)s can be kept. Start again, and give those that matter.")
        raise Refusal(sentence % {"count": MOST_SHUNNED})
    Shunned.objects.bulk_create(rows, ignore_conflicts=True)
    _note("shun", programme=programme, actor=person, kept_as=kept.SHUNNED, now=now)
    return Shunned.objects.filter(programme_id=programme, person_id=person).count() - before


@transaction.atomic
def forget_shunned(*, programme: int, person: int, now: datetime) -> int:
    """Delete every such check sum of a person; how many there were."""
    gone, _each = Shunned.objects.filter(programme_id=programme, person_id=person).delete()
    _note("forget_shunned", programme=programme, actor=person, kept_as=kept.SHUNNED, now=now)
    return gone


@transaction.atomic
def leave_coach(*, programme: int, person: int, coach: int, now: datetime) -> tuple[int, int]:
    """Cancel one's sessions to come with a coach, without a reason; (cancelled, too soon to be cancelled)."""
    mine = [each for each in sessions(programme=programme, person=person) if each.participant == person]
    with_coach = [each for each in mine if each.coach == coach and each.span.start > now]
    if not any(each.coach == coach for each in mine):
        raise nothing_here()
    free = [each for each in with_coach if not reason(check_cancel, session=each, person=person, now=now)]
    for each in free:
        cancel(programme=programme, person=person, booking=each.booking, now=now)
    return len(free), len(with_coach) - len(free)


@transaction.atomic
def open_change(*, programme: int, site: int, person: int, actor: int, now: datetime) -> None:
    """Let a participant change the coach once more. Nobody asks why."""
    if person not in people.members_of(programme, Role.PARTICIPANT, now):
        raise nothing_here()
    leeway, _new = Leeway.objects.get_or_create(programme_id=programme, person_id=person, defaults={"site_id": site})
    Leeway.objects.filter(pk=leeway.pk).update(changes=F("changes") + 1)
    _note("open_change", programme=programme, actor=actor, kept_as=kept.ENTITLEMENT, now=now)


def _note(verb: str, *, programme: int, actor: int, kept_as: str, now: datetime) -> None:
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(actor),
        about=f"programme:{programme}",
        programme=programme,
        kept_as=kept_as,
        now=now,
    )

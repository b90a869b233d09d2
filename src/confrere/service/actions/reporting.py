"""The yearly report: computed once, kept as it was, printed from the same tables as every other report."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.service import queries
from confrere.service.actions.preparing import here, note
from confrere.service.models import YearReport
from confrere.service.states import ServiceState
from confrere.vault import days
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def make_report(*, programme: int, actor: Actor, now: datetime) -> int:
    """Keep what the service came to up to this day; returns the report's number. Refuses before the service opened,
    and a second report on one day."""
    service = queries.required(programme, locked=True)
    if service.state == ServiceState.DRAFT:
        raise Refusal(_("The service is not open yet, so there is nothing to report."))
    before = queries.reports(service)
    if before and before[0].made_on == days.of(now):
        raise Refusal(_("Today's report is there already."))
    assert service.opened_on is not None  # the database keeps the two together
    found = {
        "title": service.title,
        "opened_on": service.opened_on.isoformat(),
        "made_on": days.of(now).isoformat(),
        "standings": asdict(queries.standings(service)),
        "delivery": asdict(queries.delivery(service)),
        "changes": [asdict(one) for one in queries.changes(service)],
        "asks": bool(service.questionnaire or service.instruments),
    }
    row = YearReport.objects.create(
        **here(service), service=service, number=len(before) + 1, made_on=days.of(now), found=found
    )
    note("service.make_report", service, actor, now, number=row.number)
    return row.number

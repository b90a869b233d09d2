"""The institution's own counts, beside which those who take part are shown."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.trial import queries
from confrere.trial.actions.locking import locked
from confrere.trial.models import Demographic
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: More physicians than any country has.
MOST = 10_000_000


@transaction.atomic
def count_institution(
    *, programme: int, question: str, counts: Mapping[str, int | None], actor: Actor, now: datetime
) -> None:
    """Keep how many of the institution there are at each level of a question; None takes a count back.

    Aggregates only: no list of people comes here. Refuses (422) a question that is not compared, a level that it
    does not have, and a count below zero.
    """
    trial = locked(programme)
    levels = {one.name: {option.value for option in one.options} for one in queries.factors(trial)}
    if question not in levels or not counts.keys() <= levels[question]:
        raise Refusal(_("This question or answer is not part of the baseline."), status=422)
    if any(count is not None and not 0 <= count <= MOST for count in counts.values()):
        raise Refusal(_("A count is a whole number from 0 on."), status=422)
    Demographic.objects.filter(trial=trial, question=question, level__in=counts).delete()
    Demographic.objects.bulk_create(
        Demographic(
            programme_id=trial.programme_id,
            site_id=trial.site_id,
            trial=trial,
            question=question,
            level=level,
            count=count,
        )
        for level, count in counts.items()
        if count is not None
    )
    audit.record(
        action="trial.count_institution",
        actor=actor,
        about=f"trial:{trial.pk}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
        details={"levels": len(counts)},
    )

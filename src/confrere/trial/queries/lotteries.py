"""Reading the lottery: whether places wait for it, its public record, a participant's receipt."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from confrere.science.allocation import LotteryRecord
from confrere.trial import keys
from confrere.trial.models import Lot, Lottery, Trial
from confrere.trial.queries.trials import protocol
from confrere.vault.refusals import Refusal

#: What stands for the stratum in the leaf of a lottery.
DRAW = "lottery"


def lottery(trial: Trial) -> Lottery | None:
    """The lottery of a trial; None before it was announced, and where the first to come are the first served."""
    return Lottery.objects.filter(trial=trial).first()


def lottery_pending(trial: Trial) -> bool:
    """Whether places are drawn and have not been drawn yet: until then everybody waits."""
    if protocol(trial).order != "lottery":
        return False
    found = lottery(trial)
    return found is None or found.drawn_on is None


def second_contribution(said: str) -> bytes:
    """The 32 bytes that a public sentence stands for."""
    return hashlib.sha256(said.encode()).digest()


def lottery_record(trial: Trial) -> dict[str, Any]:
    """The record of a drawn lottery, for anyone's own check; 404 before the draw, and of none."""
    found = lottery(trial)
    if found is None or found.drawn_on is None:
        raise Refusal(_("The record of the lottery is published when it has been drawn."), status=404)
    lots = Lot.objects.filter(trial=trial).order_by("rank").values_list("leaf", flat=True)
    if not lots:
        raise Refusal(_("Nobody had asked for a place by the last day, so no lots were drawn."), status=404)
    record = LotteryRecord(
        terms_sha256=trial.protocol_sha256,
        commitment=found.commitment,
        second=second_contribution(found.said).hex(),
        places=protocol(trial).cap,
        order=tuple(lots),
        simulated=bool(trial.test_entropy),
    )
    return record.published(key=keys.of_lottery(trial))


def lots(trial: Trial) -> int:
    """How many took part in the lottery."""
    return Lot.objects.filter(trial=trial).count()


def lottery_receipt(*, trial: Trial, study_id: str | None) -> dict[str, Any] | None:
    """What finds one's own leaf in the record; None for whoever was not in the lottery."""
    lot = Lot.objects.filter(trial=trial, study_id=study_id).first()
    if lot is None:
        return None
    return {"study_id": lot.study_id, "stratum": DRAW, "nonce": lot.nonce, "leaf": lot.leaf, "rank": lot.rank}

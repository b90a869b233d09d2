"""When data may be frozen, and what may be released."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from confrere.evidence import queries
from confrere.people.queries import Standing
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal, asks

#: No released cell rests on fewer people.
SMALLEST_GROUP = 5


def check_found(found: object | None) -> None:
    """What does not exist and what belongs to another programme get the same answer."""
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_freeze(*, locked: bool, members: int) -> None:
    """A data set has a plan that was locked before the first draw, and somebody in it."""
    if not locked:
        raise Refusal(_("Lock the protocol first: the data set is frozen together with its plan."))
    if members == 0:
        raise Refusal(_("Nobody has been allocated yet, so there is nothing to freeze."))


can_freeze = asks(check_freeze)


def check_may_read_arms(standing: Standing) -> None:
    """Refuse results by arm to whoever recruits, while people can still be drawn.

    The statistician, who recruits nobody, is the one named role that monitors. See docs/decisions/. Simulated people
    lose nothing by it, so a simulated programme shows its results at any time.
    """
    if queries.too_early(standing) and not simulated():
        raise Refusal(
            _(
                "Results by arm are shown to you when nobody can be drawn any more: whoever recruits must not know "
                "them before. The statistician watches over the study until then."
            ),
            status=403,
        )


can_read_arms = asks(check_may_read_arms)


def check_release(*, results: Mapping[str, Any]) -> None:
    """Every cell of the first analysis set rests on at least five people.

    results: as `confrere analyze` writes them.
    """
    for outcome in results["sets"][0]["outcomes"]:
        for cell in outcome["descriptives"]:
            if 0 < cell["n"] < SMALLEST_GROUP:
                raise Refusal(
                    _("%(outcome)s at %(wave)s rests on %(n)d people of the arm %(arm)s. Five are needed.")
                    % {
                        "outcome": outcome["name"].replace("_", " "),
                        "wave": cell["wave"],
                        "n": cell["n"],
                        "arm": cell["arm"],
                    }
                )


can_release = asks(check_release)

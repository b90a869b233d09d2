"""When data may be frozen, and what may be released."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from confrere.analysis.export import Finding, SmallCell
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

#: An agreement, and a reason, of fewer characters says nothing.
SHORTEST_AGREEMENT, SHORTEST_PURPOSE = 40, 10


def check_agreement_text(*, text: str) -> None:
    """An agreement says what may be done with rows."""
    if len(text.strip()) < SHORTEST_AGREEMENT:
        raise Refusal(
            _("Write what whoever takes rows promises: what for, where they are kept, when they are destroyed.")
        )


def check_purpose(*, purpose: str) -> None:
    """Rows leave for a reason that somebody wrote down."""
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise Refusal(_("Write in a sentence what the rows are for. It is kept with the export."))


def check_agreed(*, sha256: str, current: str | None) -> None:
    """The person read the agreement that holds now. current: its hash; None where there is none."""
    if current is None:
        raise Refusal(_("There is no data use agreement yet. The director writes it; then rows can be taken."))
    if sha256 != current:
        raise Refusal(_("The data use agreement has changed since you read it. Read it again, then take the rows."))


def check_accepted(*, accepted: bool) -> None:
    """Rows of a programme with an agreement leave under it."""
    if not accepted:
        raise Refusal(_("Accept the data use agreement first, on the page “Take the rows”."), status=403)


def check_identifiers(*, found: Sequence[Finding]) -> None:
    """Nothing on the Safe Harbor list leaves with the rows."""
    if found:
        raise Refusal(
            _("The column %(column)s holds what points at a person (%(what)s). Rows with it do not leave.")
            % {"column": found[0].column, "what": found[0].what}
        )


def check_public(*, cells: Sequence[SmallCell]) -> None:
    """No group that outsiders could tell apart is small."""
    if cells:
        group = ", ".join(f"{label}: {value}" for label, value in cells[0].values)
        raise Refusal(
            _("The group “%(group)s” has %(n)d people; %(k)d are needed. Leave a column out or put values together.")
            % {"group": group, "n": cells[0].count, "k": SMALLEST_GROUP}
        )


def check_again(*, same_choices: bool, newcomers: int) -> None:
    """A second public package cannot be held against the first to single somebody out."""
    if not same_choices:
        raise Refusal(
            _(
                "A public package of this programme has other columns or groups. Two that differ could be joined; "
                "make the same choices again."
            )
        )
    if 0 < newcomers < SMALLEST_GROUP:
        raise Refusal(
            _(
                "%(n)d people stand in only one of this data set and the last public package. Wait until it is none, "
                "or five."
            )
            % {"n": newcomers}
        )

"""What the vault refuses."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from confrere.vault import queries
from confrere.vault.classification import holdable
from confrere.vault.models import DataLock, Hold
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal, asks


def check_may_disclose(*, operators: Sequence[int], reason: str) -> None:
    """Everything about a real person is printed by two operators with a reason; simulated people need neither."""
    if simulated():
        return
    if len(set(operators)) < 2:
        raise Refusal(_("A disclosure needs two different operators. Name both."), status=403)
    if not reason.strip():
        raise Refusal(_("A disclosure needs a reason. Say why, in a sentence."), status=422)


def check_can_hold(*, classes: Collection[str], reason: str) -> None:
    """A hold names its reason and what it pauses: classes that the clock would erase."""
    if not reason.strip():
        raise Refusal(_("A legal hold needs a reason. Say why, in a sentence."), status=422)
    if not classes or not set(classes) <= set(holdable()):
        raise Refusal(_("Choose what is to be kept, from the list."), status=422)


def check_held(*, hold: Hold | None, began: bool = True) -> Hold:
    """Whether there is such a hold here, whether it has begun, and whether it still lasts."""
    if hold is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if hold.lifted_at is not None:
        raise Refusal(_("This hold was lifted already."))
    if began and hold.confirmed_at is None:
        raise Refusal(_("Nobody has confirmed this hold yet, so there is nothing to lift."))
    return hold


def check_can_confirm(*, hold: Hold, person: int) -> None:
    """Two people: whoever asked does not confirm."""
    check_held(hold=hold, began=False)
    if hold.asked_by == person:
        raise Refusal(_("You asked for this hold, so another person has to confirm it."), status=403)


def check_can_lift(*, hold: Hold, person: int) -> None:
    """Two people again: whoever asked for the end does not decide it."""
    check_held(hold=hold)
    if hold.lift_asked_by is None:
        raise Refusal(_("Nobody has asked yet to lift this hold."))
    if hold.lift_asked_by == person:
        raise Refusal(_("You asked to lift this hold, so another person has to agree."), status=403)


def check_unlocked(*, programme: int) -> None:
    """Refuse (423) every write to study data while they are locked; the sentence says who locked them and when.

    Asked first by each such write, inside its transaction: a lock then waits for the write, or the write sees it.
    """
    queries.write_beside(programme)
    row = queries.data_lock(programme)
    if row is not None:
        raise Refusal(
            _("The data of this study were locked by %(name)s on %(day)s. Nothing can be changed or added.")
            % {"name": row.name, "day": row.locked_at.strftime("%Y-%m-%d %H:%M UTC")},
            status=423,
        )


def check_locked(lock: DataLock | None) -> DataLock:
    """Refuse to open what is open."""
    if lock is None:
        raise Refusal(_("The data of this study are not locked."))
    return lock


def check_can_ask_unlock(*, lock: DataLock, reason: str) -> None:
    """A reason, and nobody who has asked already."""
    if not reason.strip():
        raise Refusal(_("Say in a sentence why the data have to be opened again."), status=422)
    if lock.unlock_asked_by is not None:
        raise Refusal(_("It was asked already that the data be opened. Another person has to agree."))


def check_can_unlock(*, lock: DataLock, person: int) -> None:
    """Two people: whoever asked does not decide."""
    if lock.unlock_asked_by is None:
        raise Refusal(_("Nobody has asked yet to open the data again."))
    if lock.unlock_asked_by == person:
        raise Refusal(_("You asked to open the data, so another person has to agree."), status=403)


can_write = asks(check_unlocked)
can_ask_unlock = asks(check_can_ask_unlock)
can_unlock = asks(check_can_unlock)
can_confirm = asks(check_can_confirm)
can_ask_lift = asks(check_held)
can_lift = asks(check_can_lift)

"""What the vault refuses."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal


def check_may_disclose(*, operators: Sequence[int], reason: str) -> None:
    """Everything about a real person is printed by two operators with a reason; simulated people need neither."""
    if simulated():
        return
    if len(set(operators)) < 2:
        raise Refusal(_("A disclosure needs two different operators. Name both."), status=403)
    if not reason.strip():
        raise Refusal(_("A disclosure needs a reason. Say why, in a sentence."), status=422)

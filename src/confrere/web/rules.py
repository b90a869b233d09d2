"""What the front door itself refuses."""

from django.utils.translation import gettext as _

from confrere.vault.refusals import Refusal


def check_parts_are_open(*, simulated: bool) -> None:
    """With real people, the page of parts is an operator's business, inside a programme."""
    if not simulated:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)

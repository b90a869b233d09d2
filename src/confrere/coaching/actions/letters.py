"""Letters about appointments. Mail systems keep what they carry: no name, no coach, no time, only a link.

The link leads to the front door: even the name of a programme in it would say that somebody is coached.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.coaching.models import Booking
from confrere.post.actions import Draft, send_all


def appointment_changed(*, booking: int, now: datetime) -> None:
    """Tell both people of a booking, in the caller's transaction, that something about an appointment is new."""
    programme, coach, coach_address, participant, participant_address = Booking.objects.values_list(
        "programme", "coach__person", "coach__person__email", "entitlement__person", "entitlement__person__email"
    ).get(pk=booking)
    body = _("Something about an appointment of yours is new. You can read it here:\n\n%(link)s\n") % {
        "link": f"{settings.ORIGIN}{reverse('home')}"
    }
    drafts = [
        Draft(
            to=address,
            subject=_("Appointment"),
            body=body,
            event=f"coaching booking {booking} at {now.isoformat()} to {person}",
        )
        for person, address in ((coach, coach_address), (participant, participant_address))
    ]
    send_all(drafts, programme=programme, now=now)

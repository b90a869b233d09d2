"""Letters about appointments. Mail systems keep what they carry: no name, no coach, no time, only a link.

The link leads to the front door: even the name of a programme in it would say that somebody is coached.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.coaching.models import Booking
from confrere.post.actions import send


def appointment_changed(*, booking: int, now: datetime) -> None:
    """Tell both people of a booking, in the caller's transaction, that something about an appointment is new."""
    row = Booking.objects.select_related("programme", "coach__person", "entitlement__person").get(pk=booking)
    body = _("Something about an appointment of yours is new. You can read it here:\n\n%(link)s\n") % {
        "link": f"{settings.ORIGIN}{reverse('home')}"
    }
    for person in (row.coach.person, row.entitlement.person):
        send(
            to=person.email,
            subject=_("Appointment"),
            body=body,
            event=f"coaching booking {booking} at {now.isoformat()} to {person.pk}",
            programme=row.programme_id,
            now=now,
        )

"""Letters about appointments. Mail systems keep what they carry: no name, no coach, only a link and an entry for the
calendar that says "Appointment".

The link leads to the front door: even the name of a programme in it would say that somebody is coached.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.coaching import words
from confrere.coaching.models import LIVE, Booking, Gathering, Occupied
from confrere.coaching.queries.calendars import entry, gathering_entry
from confrere.people import queries as people
from confrere.post import ics
from confrere.post.actions import Draft, send_all


def appointment_changed(*, booking: int, now: datetime) -> None:
    """Tell both people of a booking, in the caller's transaction, that something about an appointment is new."""
    row = Booking.objects.select_related("coach__person", "entitlement__person").get(pk=booking)
    live = row.state in LIVE
    body = _("Something about an appointment of yours is new. You can read it here:\n\n%(link)s\n") % {
        "link": f"{settings.ORIGIN}{reverse('home')}"
    }
    drafts = [
        Draft(
            to=human.email,
            subject=_("Appointment"),
            body=body,
            event=f"coaching booking {booking} at {now.isoformat()} to {human.pk}",
            calendar=ics.calendar([entry(row, attendee=human.email)], method="REQUEST" if live else "CANCEL"),
        )
        for human in (row.coach.person, row.entitlement.person)
    ]
    send_all(drafts, programme=row.programme_id, now=now)


def reminder(*, booking: int, now: datetime) -> None:
    """Tell both people of a booking that they have an appointment soon: without a link, since links can be traps."""
    row = Booking.objects.select_related("coach__person", "entitlement__person").get(pk=booking)
    event = f"coaching reminder {booking} of {row.sequence} to "
    both = (row.coach.person, row.entitlement.person)
    send_all([_soon(each.email, event=f"{event}{each.pk}") for each in both], programme=row.programme_id, now=now)


def _soon(address: str, *, event: str) -> Draft:
    body = _(
        "You have an appointment within the next 24 hours. This letter says neither with whom nor where, and it has no "
        "link on purpose. To see it, open your browser, type %(host)s, and sign in as you always do. There you can "
        "also move it, as long as that is possible.\n"
    ) % {"host": settings.HOST}
    return Draft(to=address, subject=_("Appointment"), body=body, event=event)


def gathering_changed(*, gathering: int, humans: Collection[int], on: bool, now: datetime) -> None:
    """Tell each of these that an appointment with several people is new, or off: the same neutral letter and entry."""
    row = Gathering.objects.get(pk=gathering)
    body = _("Something about an appointment of yours is new. You can read it here:\n\n%(link)s\n") % {
        "link": f"{settings.ORIGIN}{reverse('home')}"
    }
    drafts = [
        Draft(
            to=address,
            subject=_("Appointment"),
            body=body,
            event=f"coaching gathering {gathering} {'on' if on else 'off'} at {now.isoformat()} to {human}",
            calendar=ics.calendar(
                [gathering_entry(row, attendee=address, on=on, changed=now)], method="REQUEST" if on else "CANCEL"
            ),
        )
        for human in sorted(humans)
        for address in [people.address(human)]
    ]
    send_all(drafts, programme=row.programme_id, now=now)


def gathering_reminder(*, gathering: int, now: datetime) -> None:
    """Remind everybody of it, as of a session."""
    row = Gathering.objects.get(pk=gathering)
    humans = Occupied.objects.filter(gathering=row).order_by("person").values_list("person", "person__email")
    event = f"coaching gathering reminder {gathering} to "
    send_all(
        [_soon(address, event=f"{event}{human}") for human, address in humans], programme=row.programme_id, now=now
    )


def something_is_free(*, waiting: int, address: str, programme: int, until: datetime, zone: str, now: datetime) -> None:
    """Tell somebody who waited that it is their turn, and until when."""
    body = _(
        "Something that you were waiting for is free. It is kept for you until %(moment)s; after that it goes to the "
        "next in line. You can take it here:\n\n%(link)s\n"
    ) % {"moment": words.moment(until, zone=zone), "link": f"{settings.ORIGIN}{reverse('home')}"}
    draft = Draft(
        to=address, subject=_("Appointment"), body=body, event=f"coaching waiting {waiting} until {until.isoformat()}"
    )
    send_all([draft], programme=programme, now=now)

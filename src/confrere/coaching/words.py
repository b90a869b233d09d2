"""Moments and days as a person reads them, in their own clock."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext


def local(instant: datetime, *, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone))


def day(instant: datetime, *, zone: str) -> str:
    """For example "12 May 2026"."""
    return date_format(local(instant, zone=zone), "j F Y", use_l10n=False)


def weekday(instant: datetime, *, zone: str) -> str:
    """For example "Tue 3 March"."""
    return date_format(local(instant, zone=zone), "D j F", use_l10n=False)


def hour(instant: datetime, *, zone: str) -> str:
    """For example "17:30"."""
    return date_format(local(instant, zone=zone), "H:i", use_l10n=False)


def moment(instant: datetime, *, zone: str) -> str:
    """For example "Tue 3 March, 17:30"."""
    return f"{weekday(instant, zone=zone)}, {hour(instant, zone=zone)}"


def moments(instants: Iterable[datetime], *, zone: str) -> str:
    """For example "Tue 3 March, 17:30; Thu 5 March, 07:00"."""
    return "; ".join(moment(instant, zone=zone) for instant in instants)


def naive_day(wall: datetime) -> str:
    """The day of a wall time that is no instant, for example "Sun 29 March 2026"."""
    return date_format(wall, "D j F Y", use_l10n=False)


def left(*, remaining: int, granted: int, until: datetime, zone: str) -> str:
    """For example "4 of 6 sessions left, until 12 May 2026."; without a day where none is left."""
    if remaining == 0:
        return gettext("No session is left to book.")
    sentence = ngettext(
        "%(remaining)s of %(granted)s session left, until %(day)s.",
        "%(remaining)s of %(granted)s sessions left, until %(day)s.",
        granted,
    )
    return sentence % {"remaining": remaining, "granted": granted, "day": day(until, zone=zone)}


def agreement() -> str:
    """A draft of what coaches sign, to be read by the site's counsel before it is put up."""
    return "\n\n".join(
        [
            gettext("I coach physicians of this programme. I am not their supervisor, and I assess nobody."),
            gettext("I write nothing down about what a participant says: no notes, here or elsewhere."),
            gettext("I pass nothing on, except where the law obliges me to; I tell participants so before we begin."),
            gettext("When somebody needs treatment rather than coaching, I say so and name where help is."),
            gettext("I take part in the training and in supervision, and keep my certificate valid."),
            gettext("I offer hours that I can keep, and cancel as early as I can when I cannot."),
            gettext("Either of us can end this agreement. Then my participants choose another coach."),
        ]
    )

"""Reading recruitment: the list as counts, the announcements, the funnel from the first letter to the draw."""

from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.people.queries import at
from confrere.post import queries as post
from confrere.post.actions import digest
from confrere.surveys import queries as answered
from confrere.trial import announcing
from confrere.trial.address_list import Wrong
from confrere.trial.models import (
    Announcement,
    Consent,
    Invitation,
    Mailing,
    OptOut,
    PlaceState,
    Recipient,
    Trial,
    TrialState,
    Visits,
)
from confrere.trial.queries.events import places
from confrere.trial.queries.trials import protocol, sites_of

#: What an announcement is recognised by when it is about to leave, before the number of its trial.
GUARD = "announcement of trial "


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list. known: on the list before. opted_out: left out because they want no announcement."""

    added: int
    known: int
    duplicates: int
    opted_out: int
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel. share: percent of the widest step, for the bar; None where nothing can be counted."""

    name: str
    label: str
    count: int
    note: str
    width: int


def invitation(trial: Trial) -> Invitation | None:
    """What the public page says beside the protocol; None before somebody wrote it."""
    return Invitation.objects.filter(trial=trial).first()


def mailing(trial: Trial, number: int) -> Mailing | None:
    """The words of an announcement; None before they were written."""
    return Mailing.objects.filter(trial=trial, number=number).first()


def on_list(trial: Trial, sites: frozenset[int] | None = None) -> int:
    """How many addresses are on the list, of these sites or of every one."""
    return Recipient.objects.filter(trial=trial, **at(sites)).count()


def addressees(trial: Trial, sites: frozenset[int] | None = None) -> list[Recipient]:
    """Whom an announcement would go to now, by address: without those who opted out or signed already."""
    joined = Consent.objects.filter(programme_id=trial.programme_id).values_list(Lower("person__email"), flat=True)
    gone = set(OptOut.objects.filter(site_id=trial.site_id).values_list("digest", flat=True))
    rows = Recipient.objects.filter(trial=trial, **at(sites)).exclude(email__in=joined).order_by("email")
    return [row for row in rows if announcing.digest(site=trial.site_id, email=row.email) not in gone]


def announcement_wanted(*, guard: str, to: str) -> bool | None:
    """Whether an announcement that is about to leave is still wanted; None for other letters.

    Whoever opted out, signed or saw recruitment end after it was written gets none.
    """
    number = guard.removeprefix(GUARD)
    if number == guard:
        return None
    trial = Trial.objects.filter(pk=int(number), state=TrialState.OPEN).first()
    if trial is None:
        return False
    digest_of = announcing.digest(site=trial.site_id, email=to)
    joined = Consent.objects.filter(programme_id=trial.programme_id, person__email__iexact=to)
    return not (OptOut.objects.filter(site_id=trial.site_id, digest=digest_of).exists() or joined.exists())


def event(trial: Trial, number: int, email: str) -> str:
    """What the outbox knows a letter by: one announcement reaches an address once."""
    return f"announcement {number} of trial {trial.pk} to {email}"


def progress(trial: Trial, number: int, sites: frozenset[int] | None = None) -> post.Progress:
    """How many letters of an announcement have left, wait or were given up, as long as the list is kept."""
    rows = Recipient.objects.filter(trial=trial, **at(sites)).values_list("email", flat=True)
    return post.progress(digest(event(trial, number, email)) for email in rows)


def funnel(trial: Trial, sites: frozenset[int] | None = None) -> list[Step]:
    """From the announcement to the draw. Visits are openings of a page, not people: two counts of one person add up.

    Of these sites only, or of every one; a page that is the same for all says nothing of a site, so a site's funnel
    begins with its list.
    """
    told = Announcement.objects.filter(trial=trial).aggregate(most=Max("addresses"), times=Count("pk"))
    seen = Visits.objects.filter(trial=trial).aggregate(total=Sum("count"), days=Count("pk"))
    signed = Consent.objects.filter(programme_id=trial.programme_id, **at(sites)).values("person").distinct().count()
    sent = answered.completed(programme=trial.programme_id, wave=protocol(trial).baseline.name)
    baseline = len(sent) if sites is None else sum(site in sites for site in sites_of(trial, sent).values())
    enrolled = places(trial, sites)[PlaceState.FINAL]
    announcements = ngettext("%(n)s announcement", "%(n)s announcements", told["times"]) % {"n": told["times"]}
    on_days = ngettext("openings of the page, on %(n)s day", "openings of the page, on %(n)s days", seen["days"])
    counted = [
        *(
            [
                ("mailed", _("Mailed"), told["most"] or 0, announcements),
                ("visited", _("Page opened"), seen["total"] or 0, on_days % {"n": seen["days"]}),
            ]
            if sites is None
            else [("listed", _("On the list"), on_list(trial, sites), "")]
        ),
        ("consented", _("Consented"), signed, ""),
        ("baseline", _("Baseline complete"), baseline, ""),
        ("enrolled", _("Enrolled"), enrolled, _("of %(cap)s places") % {"cap": protocol(trial).cap}),
    ]
    widest = max(1, *(count for _name, _label, count, _note in counted))
    return [Step(name, label, count, note, round(100 * count / widest)) for name, label, count, note in counted]

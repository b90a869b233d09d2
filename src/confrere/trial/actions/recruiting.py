"""Telling people of the study: the list, what they read, two announcements, and a count of visits."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.people import queries as people
from confrere.post.actions import Draft, send, send_all
from confrere.trial import announcing, queries
from confrere.trial.actions.locking import announce, locked
from confrere.trial.actions.noting import note
from confrere.trial.address_list import AddressList, read_list
from confrere.trial.models import Invitation, Mailing, OptOut, Recipient, Trial, TrialState, Visits
from confrere.trial.rules import check_announcement, check_not_ended, check_recruiting
from confrere.vault import classification as kept
from confrere.vault import days
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases
from confrere.vault.refusals import Refusal

#: A list is not kept longer than this, even while recruitment goes on.
LONGEST = timedelta(days=365)


@transaction.atomic
def import_list(*, programme: int, text: str, actor: Actor, now: datetime, site: int | None = None) -> queries.Imported:
    """Add the addresses of a pasted or uploaded list; says what became of each line.

    site: whose people they are; without a word those of the site where the trial is run. Addresses that are on the
    list already stay as they are; those that opted out are left out. Refuses (422) a text without a usable line.
    """
    trial = locked(programme)
    check_not_ended(trial)
    read = read_list(text)
    if not read.entries and not read.wrong:
        raise Refusal(_("The list is empty. Paste one person a line: a name and an address."), status=422)
    wanted, opted_out = _without_opted_out(trial, read)
    before = Recipient.objects.filter(trial=trial).count()
    Recipient.objects.bulk_create(
        wanted_rows(trial, wanted, now, site=site or trial.site_id), ignore_conflicts=True, batch_size=2000
    )
    added = Recipient.objects.filter(trial=trial).count() - before
    known = len(wanted.entries) - added
    note("trial.import_list", trial, actor, now, added=added, known=known, wrong=len(read.wrong))
    return queries.Imported(added=added, known=known, duplicates=read.duplicates, opted_out=opted_out, wrong=read.wrong)


def wanted_rows(trial: Trial, read: AddressList, now: datetime, *, site: int) -> list[Recipient]:
    """The rows of a list, dated by the day."""
    place = {"programme_id": trial.programme_id, "site_id": site, "trial": trial}
    return [Recipient(**place, name=entry.name, email=entry.email, imported_on=days.of(now)) for entry in read.entries]


def _without_opted_out(trial: Trial, read: AddressList) -> tuple[AddressList, int]:
    gone = set(OptOut.objects.filter(site_id=trial.site_id).values_list("digest", flat=True))
    kept_ = tuple(
        entry for entry in read.entries if announcing.digest(site=trial.site_id, email=entry.email) not in gone
    )
    return AddressList(kept_, read.wrong, read.duplicates), len(read.entries) - len(kept_)


@transaction.atomic
def opt_out(*, programme: int, digest: str, actor: Actor, now: datetime) -> None:
    """No further announcement to this address, of this or another study of the site; a second time changes nothing."""
    trial = queries.required(programme)
    _row, new = OptOut.objects.get_or_create(
        site_id=trial.site_id, digest=digest, defaults={"programme_id": trial.programme_id}
    )
    for row in Recipient.objects.filter(trial__site=trial.site_id):
        if announcing.digest(site=trial.site_id, email=row.email) == digest:
            row.delete()
    if new:
        note("trial.opt_out", trial, actor, now)


@transaction.atomic
def write_invitation(*, programme: int, who_may: str, contact: str, actor: Actor, now: datetime) -> None:
    """Say on the public page who may take part and whom to ask."""
    trial = locked(programme)
    check_not_ended(trial)
    Invitation.objects.update_or_create(
        trial=trial,
        defaults={
            "programme_id": trial.programme_id,
            "site_id": trial.site_id,
            "who_may": who_may.strip(),
            "contact": contact.strip(),
        },
    )
    note("trial.write_invitation", trial, actor, now)


@transaction.atomic
def write_announcement(*, programme: int, number: int, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """Keep the words of announcement 1 or 2; refuses once it went out, and the second before the first."""
    trial = locked(programme)
    check_not_ended(trial)
    mailing = queries.mailing(trial, number)
    check_announcement(number=number, mailing=mailing, before=queries.mailing(trial, number - 1))
    row = mailing or Mailing(programme_id=trial.programme_id, site_id=trial.site_id, trial=trial, number=number)
    row.subject, row.text = " ".join(subject.split()), text.strip()
    row.save()
    note("trial.write_announcement", trial, actor, now, number=number)


@transaction.atomic
def try_announcement(*, programme: int, number: int, person: int, now: datetime) -> None:
    """Send an announcement to oneself, exactly as it would go out."""
    trial = queries.required(programme)
    mailing = _written(trial, number)
    to = people.address(person)
    event = f"announcement {number} of trial {trial.pk}, tried by person {person} at {now.isoformat()}"
    body = _body(trial, mailing, to)
    send(to=to, subject=mailing.subject, body=body, event=event, programme=programme, now=now, urgent=True)


@transaction.atomic
def send_announcement(*, programme: int, number: int, count: int, actor: Actor, now: datetime) -> int:
    """Put an announcement for everyone who should get it into the outbox; returns how many letters that are.

    Left out: who opted out, and who has signed the consent already. `count` is the number that was confirmed on the
    page; where another number would go out now, it is refused. An announcement goes out once, and no address gets it
    twice: the outbox knows each letter by its event.
    """
    trial = locked(programme)
    check_recruiting(trial)
    mailing = _written(trial, number)
    check_announcement(number=number, mailing=mailing, before=queries.mailing(trial, number - 1))
    rows = queries.addressees(trial)
    if len(rows) != count or not rows:
        raise Refusal(
            _("It would go to %(count)s addresses now. Look at the list, then confirm again.") % {"count": len(rows)}
        )
    send_all(
        [
            Draft(
                to=row.email,
                subject=mailing.subject,
                body=_body(trial, mailing, row.email),
                event=queries.event(trial, number, row.email),
                guard=queries.GUARD + str(trial.pk),
                one_click=_stop(trial, row.email),
            )
            for row in rows
        ],
        programme=programme,
        now=now,
    )
    mailing.sent_at = now
    mailing.save(update_fields=["sent_at"])
    announce(programme=programme, addresses=count, actor=actor, now=now)
    return count


@transaction.atomic
def count_visit(*, trial: Trial, now: datetime) -> None:
    """One more opening of the public page on this day; nothing else of it is kept."""
    day = Visits.objects.filter(trial=trial, day=days.of(now))
    if day.update(count=F("count") + 1):
        return
    first = Visits(programme_id=trial.programme_id, site_id=trial.site_id, trial=trial, day=days.of(now), count=0)
    Visits.objects.bulk_create([first], ignore_conflicts=True)  # whoever opens the day at the same moment counts too
    day.update(count=F("count") + 1)


@erases(kept.RECRUITMENT)
def erase_recipients(*, now: datetime, held: frozenset[int]) -> int:
    """Lists of trials whose recruitment has ended, of programmes long over, and whatever is a year old."""
    rows = Recipient.objects.exclude(programme__in=held)
    ended = rows.filter(trial__state=TrialState.PUBLISHED) | rows.filter(programme__in=people.long_over(now=now))
    gone, _details = (ended | rows.filter(imported_on__lt=days.of(now - LONGEST))).delete()
    return gone


def _written(trial: Trial, number: int) -> Mailing:
    found = queries.mailing(trial, number)
    if found is None:
        raise Refusal(_("This announcement has no words yet. Write it first."), status=404)
    return found


def _body(trial: Trial, mailing: Mailing, email: str) -> str:
    study = f"{settings.ORIGIN}{reverse('study', args=[trial.join_token])}"
    return announcing.letter(text=mailing.text, study=study, stop=_stop(trial, email))


def _stop(trial: Trial, email: str) -> str:
    """The address at which this reader leaves the list; mail programs offer it beside the letter."""
    code = announcing.code(site=trial.site_id, email=email)
    return f"{settings.ORIGIN}{reverse('study_stop', args=[trial.join_token, code])}"

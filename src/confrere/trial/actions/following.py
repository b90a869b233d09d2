"""What follows by itself: places that a crash left open, holds that lapse, letters, coaching now or after the delay.

Everything here is derived from rows and may run as often as it likes. What concerns a person (a grant, a
letter) and what concerns a study id (the step taken) are two transactions: nothing joins them.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from confrere.coaching import actions as coaching
from confrere.people import queries as people
from confrere.post.actions import send
from confrere.post.jobs import every, task
from confrere.surveys import actions as surveys
from confrere.trial import letters, queries
from confrere.trial.actions.leaving import note_erased
from confrere.trial.actions.places import hold_place, move_on
from confrere.trial.actions.sessions import open_after_first_session
from confrere.trial.models import Allocation, Delivered, Place, Step, StepKind, Trial, TrialState
from confrere.vault import days, link
from confrere.vault.audit import Actor

TRIAL = Actor.system("trial")
#: What coaching calls the grants of a trial.
SOURCE = "trial"


@task
def follow_up(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """Let the worker do, soon after a draw or an answer, what follows from it in this programme."""
    catch_up(programme=id, now=timezone.now())


@every("*/5 * * * *")
def follow_up_everywhere() -> None:
    """Let the worker look after every trial."""
    for programme in Trial.objects.exclude(state=TrialState.DRAFT).values_list("programme", flat=True):
        catch_up(programme=programme, now=timezone.now())


def catch_up(*, programme: int, now: datetime) -> None:
    """Do everything that is due in a programme at this moment."""
    trial = queries.required(programme)
    if trial.state == TrialState.OPEN:
        for study_id in queries.signed_without_place(trial):
            hold_place(programme=programme, study_id=study_id, now=now)
        move_on(programme=programme, now=now)
    for place in queries.to_be_written(trial):
        _tell_place(trial, place, now)
    for allocation in queries.untold(trial):
        _tell(trial, allocation, now)
    for allocation, since in queries.grants_due(trial, now=now):
        _grant(trial, allocation, since, now)
    _follow_withdrawals(trial, now)
    _ask_again(trial, now)
    note_erased(programme=programme, now=now)
    _count_sessions(trial)
    open_after_first_session(trial, now=now)


def _tell(trial: Trial, allocation: Allocation, now: datetime) -> None:
    """Write to whoever coaching waits for; to the others the grant is the news."""
    protocol = queries.protocol(trial)
    arm = protocol.arm(allocation.arm)
    after = arm.coaching_after
    person = link.person(study_id=allocation.study_id, programme=trial.programme_id)
    if after is not None and person is not None:
        wave = protocol.wave(after)
        opens = _day(days.start(allocation.drawn_on) + timedelta(days=wave.offset_days), person)
        letter = letters.coaching_later(home=_home(trial), wave=wave.title, opens=opens, offered=queries.offered(trial))
        _send(trial, person, letter, about="draw", now=now)
    elif not arm.coached and person is not None:
        _send(trial, person, letters.not_coached(home=_home(trial)), about="draw", now=now)
    _take(trial, allocation, StepKind.TOLD, now)


def _tell_place(trial: Trial, place: Place, now: datetime) -> None:
    """Write to both: whose place was held and lapsed, and who gets it next. Letter first, then the note of it."""
    person = link.person(study_id=place.study_id, programme=trial.programme_id)
    if person is not None:
        about = f"place {place.state} {place.number}"
        if place.held_until is not None:
            letter = letters.place_free(home=_home(trial), until=_day(place.held_until, person))
        else:
            letter = letters.place_lapsed(home=_home(trial))
        _send(trial, person, letter, about=about, now=now)
    Place.objects.filter(pk=place.pk, state=place.state).update(told=place.state)


def _grant(trial: Trial, allocation: Allocation, since: datetime, now: datetime) -> None:
    sessions = queries.protocol(trial).sessions
    person = link.person(study_id=allocation.study_id, programme=trial.programme_id)
    if person is None:
        return
    until = since + timedelta(days=sessions.window_days + 1)  # the day that has begun is not taken off anybody
    with transaction.atomic():
        coaching.grant(
            programme=trial.programme_id,
            site=allocation.site_id,
            person=person,
            minutes=sessions.minutes,
            since=since,
            until=until,
            actor=TRIAL,
            now=now,
        )
        letter = letters.coaching_open(home=_home(trial), until=_day(until, person))
        _send(trial, person, letter, about="coaching", now=now)
    _take(trial, allocation, StepKind.GRANTED, now)


def _follow_withdrawals(trial: Trial, now: datetime) -> None:
    """Coaching ends for whoever left it, and opens again for whoever came back; a transaction of the person's own."""
    gone, back = queries.left_and_back(trial)
    for person in link.persons_of(study_ids=gone, programme=trial.programme_id).values():
        coaching.revoke(programme=trial.programme_id, person=person, source=SOURCE, actor=TRIAL, now=now)
    for study_id, person in link.persons_of(study_ids=back, programme=trial.programme_id).items():
        since = queries.granted_since(trial, study_id=study_id, now=now)
        if since is not None:
            until = since + timedelta(days=queries.protocol(trial).sessions.window_days + 1)
            coaching.resume(
                programme=trial.programme_id, person=person, source=SOURCE, until=until, actor=TRIAL, now=now
            )


@transaction.atomic
def _count_sessions(trial: Trial) -> None:
    """Keep under the study id how many sessions were held: the number stays when the meetings are erased."""
    now_held = queries.more_sessions(trial)
    sites = queries.sites_of(trial, now_held)
    more = [
        Delivered(trial=trial, programme_id=trial.programme_id, site_id=sites[study_id], study_id=study_id, held=held)
        for study_id, held in now_held.items()
    ]
    Delivered.objects.bulk_create(
        more, update_conflicts=True, unique_fields=["trial", "study_id"], update_fields=["held"]
    )


def _ask_again(trial: Trial, now: datetime) -> None:
    """Write to those who have to decide about newer words; after their time, ask them nothing until they do."""
    text = queries.asked_again(trial)
    if text is None:
        return
    undecided = queries.undecided(trial)
    until = queries.decides_until(text)
    address = str(settings.ORIGIN) + reverse("join_consent", args=[trial.join_token])
    for person in undecided:
        with transaction.atomic():
            letter = letters.consent_changed(address=address, until=_day(until, person))
            _send(trial, person, letter, about=f"consent {text.version}", now=now)
    if now >= until:
        for study_id in link.study_ids_of(persons=undecided, programme=trial.programme_id).values():
            surveys.stop(programme=trial.programme_id, study_id=study_id, now=days.floor(now))


def _take(trial: Trial, allocation: Allocation, kind: StepKind, now: datetime) -> None:
    Step.objects.get_or_create(
        trial=trial,
        study_id=allocation.study_id,
        kind=kind,
        defaults={"programme_id": trial.programme_id, "site_id": allocation.site_id, "done_on": days.of(now)},
    )


def _send(trial: Trial, person: int, letter: letters.Letter, *, about: str, now: datetime) -> None:
    subject, body = letter
    event = f"trial {trial.pk}, person {person}, {about}"
    to = people.address(person)
    guard = queries.mark(trial, about.partition(" ")[0])
    send(to=to, subject=subject, body=body, event=event, programme=trial.programme_id, guard=guard, now=now)


def _day(moment: datetime, person: int) -> str:
    return date_format(moment.astimezone(ZoneInfo(people.zone(person))), "j F Y")


def _home(trial: Trial) -> str:
    return str(settings.ORIGIN) + reverse("today", args=[trial.programme.slug])

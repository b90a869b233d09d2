"""Before the first participant: the protocol, its texts, its questionnaires, the commitment, the seats."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.science.allocation import commit
from confrere.surveys import actions as surveys
from confrere.surveys.queries import published
from confrere.trial import keys, queries
from confrere.trial.actions.noting import new_key, note
from confrere.trial.models import Announcement, ConsentText, Seat, Trial, TrialState
from confrere.trial.protocol import Protocol
from confrere.trial.questionnaires import check_asks, questionnaire, questions, slugs
from confrere.trial.rules import check_distress_plan, check_draft, check_finished, check_test_entropy
from confrere.vault import queries as vault
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal
from confrere.vault.rules import check_unlocked


@transaction.atomic
def publish_consent_text(
    *,
    programme: int,
    text: str,
    meaning: str,
    actor: Actor,
    now: datetime,
    irb_reference: str = "",
    ask_again: bool = True,
) -> int:
    """Publish a version of the consent; returns its number. The same words again are the same version.

    ask_again: whether who signed earlier words has to decide about these.
    """
    check_unlocked(programme=programme)
    trial = locked(programme)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    newest = queries.consent_text(trial)
    if newest is not None and (newest.sha256, newest.meaning) == (sha256, meaning):
        return newest.version
    if not text.strip() or not meaning.strip():
        raise Refusal(_("A consent needs its text and what agreeing to it means."), status=422)
    made = ConsentText.objects.create(
        programme_id=trial.programme_id,
        site_id=trial.site_id,
        trial=trial,
        version=1 if newest is None else newest.version + 1,
        text=text,
        meaning=meaning,
        sha256=sha256,
        irb_reference=irb_reference.strip(),
        ask_again=ask_again,
        published_at=now,
    )
    note("trial.publish_consent_text", trial, actor, now, version=made.version, sha256=sha256)
    return made.version


@transaction.atomic
def lock(*, programme: int, actor: Actor, now: datetime, test_entropy: str = "") -> str:
    """Freeze the protocol, commit to the key of the draws, make the seats, open recruitment.

    Returns the commitment: publish it. Refuses without a consent text, a distress plan or the wording of an
    instrument. `test_entropy` labels a key that is no secret; only a simulated database takes it.
    """
    trial = locked(programme)
    check_draft(trial)
    check_test_entropy(test_entropy)
    check_finished(trial, queries.newest_version(programme))
    read = queries.protocol(trial)
    check_distress_plan(read)
    if queries.consent_text(trial) is None:
        raise Refusal(_("There is no consent text yet. Publish it, then lock the protocol."))
    publish_questionnaires(trial, read, actor, now)
    _plan_letters(trial, read, actor, now)
    Seat.objects.bulk_create(
        Seat(programme_id=trial.programme_id, site_id=trial.site_id, trial=trial, number=number)
        for number in range(1, read.cap + 1)
    )
    trial.state, trial.locked_at, trial.test_entropy = TrialState.OPEN, now, test_entropy
    # Last of all: a refusal above must not leave a key behind.
    trial.commitment = commit(
        keys.from_label(test_entropy) if test_entropy else new_key(keys.name_of(trial.programme.slug))
    )
    trial.save()
    note("trial.lock", trial, actor, now, sha256=trial.protocol_sha256, commitment=trial.commitment)
    return trial.commitment


@transaction.atomic
def announce(*, programme: int, addresses: int, actor: Actor, now: datetime) -> int:
    """Note that a mailing went to so many addresses; returns its number. The addresses stay where they are."""
    check_unlocked(programme=programme)
    trial = locked(programme)
    if addresses < 1:
        raise Refusal(_("Say to how many addresses the announcement went."), status=422)
    number = Announcement.objects.filter(trial=trial).count() + 1
    Announcement.objects.create(
        programme_id=trial.programme_id,
        site_id=trial.site_id,
        trial=trial,
        number=number,
        addresses=addresses,
        sent_at=now,
    )
    note("trial.announce", trial, actor, now, number=number, addresses=addresses)
    return number


def locked(programme: int) -> Trial:
    """The trial of a programme, its row locked until the transaction ends; 404 where there is none.

    Every change of places and draws begins here, one after the other. The data lock and a freeze wait for it; it is
    told to them before any row is locked, so that no two wait for each other.
    """
    vault.write_beside(programme)
    return queries.required(programme, locked=True)


def publish_questionnaires(trial: Trial, read: Protocol, actor: Actor, now: datetime) -> None:
    """Publish what each wave asks of each arm; what is published already stays the same version.

    Nothing is published for a wave that names a questionnaire: that one has to ask what the protocol counts on.
    """
    for wave, arm in slugs(read):
        slug = questionnaire(read, wave=wave, arm=arm)
        if read.wave(wave).questionnaire:
            surveys.check_ready(programme=trial.programme_id, slug=slug)
            asked = published(programme=trial.programme_id)[slug].questions
            check_asks(slug, asked, questions(read, wave=wave, arm=arm))
            continue
        surveys.publish(
            programme=trial.programme_id,
            site=trial.site_id,
            slug=slug,
            title=read.wave(wave).title,
            questions=questions(read, wave=wave, arm=arm),
            actor=actor,
            now=now,
        )
        surveys.check_ready(programme=trial.programme_id, slug=slug)


def _plan_letters(trial: Trial, read: Protocol, actor: Actor, now: datetime) -> None:
    for wave in read.waves:
        surveys.plan_wave(
            programme=trial.programme_id,
            site=trial.site_id,
            wave=wave.name,
            title=wave.title,
            reminders=wave.reminders or [day for day in surveys.REMINDERS if day < wave.window_days],
            actor=actor,
            now=now,
        )

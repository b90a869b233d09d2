"""Anonymous pulses: asking everyone, taking one answer for each token, and ending."""

import hmac
import random
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people.queries import address, long_over, members_of, zone
from confrere.people.roles import Role
from confrere.post.actions import Draft, send_all
from confrere.post.jobs import every
from confrere.post.signals import Verdict
from confrere.surveys import definition, links, pulse_keys, queries, sealing, waves
from confrere.surveys.actions.answering import check_ready
from confrere.surveys.definition import Value
from confrere.surveys.models import Pulse, PulseAnswer, PulseSealed, PulseToken
from confrere.surveys.pulses import FEWEST
from confrere.surveys.rules import check_can_spend, check_pulse, day
from confrere.vault import audit, days, link
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases

MARK = "pulse."
SHUFFLER = random.SystemRandom()


@transaction.atomic
def start_pulse(*, programme: int, site: int, questionnaire: str, closes: datetime, actor: Actor, now: datetime) -> int:
    """Put the closed questions of a questionnaire to everyone who takes part, once and without names; its number.

    Nobody is chosen: a group that the team picks could be picked small. Whoever stopped letters is not asked. Refuses
    fewer than five people, open questions, another pulse that is still open, and an end that is not between one and 60
    days away. Who got which token is forgotten in the moment in which the letters are written.
    """
    asked = check_ready(programme=programme, slug=questionnaire)
    people = [one for one in members_of(programme, Role.PARTICIPANT, now) if not _is_quiet(one, programme)]
    check_pulse(
        questions=queries.questions(asked),
        people=len(people),
        running=Pulse.objects.filter(programme=programme, closed_on__isnull=True).exists(),
        lasts=closes - now,
    )
    key = f"pulse-{secrets.token_hex(12)}"
    pulse = Pulse.objects.create(
        programme_id=programme,
        site_id=site,
        questionnaire=asked,
        key=key,
        public_key=pulse_keys.make(key),
        asked=len(people),
        opened_on=days.of(now),
        closes=closes,
    )
    tokens = {person: secrets.token_urlsafe(16) for person in people}
    # In the order of their digests, which is chance's own: not in that of the letters.
    PulseToken.objects.bulk_create(
        PulseToken(digest=digest, programme_id=programme, site_id=site, pulse=pulse)
        for digest in sorted(map(token_digest, tokens.values()))
    )
    send_all([_letter(pulse, person, token) for person, token in tokens.items()], programme=programme, now=now)
    _note("surveys.start_pulse", pulse, actor, now, asked=len(people))
    return pulse.pk


@transaction.atomic
def answer_pulse(*, token: str, answers: Mapping[str, Value], now: datetime) -> None:
    """Spend a token and leave sealed answers; the same token again is refused. No time is kept, and no event.

    The two rows are written together, so that nobody answers twice and no answer is lost; what they could tell about
    each other stays sealed, and is destroyed at the end.
    """
    row = PulseToken.objects.select_for_update().select_related("pulse").filter(digest=token_digest(token)).first()
    pulse = check_can_spend(token=row, now=now)
    given = {
        question.name: definition.fitting(question, answers.get(question.name))
        for question in queries.questions(pulse.questionnaire)
    }
    PulseToken.objects.filter(digest=token_digest(token)).update(spent=True)
    sealed = pulse_keys.seal(given, public_key=pulse.public_key)
    PulseSealed.objects.create(programme_id=pulse.programme_id, site_id=pulse.site_id, pulse=pulse, sealed=sealed)


@every("*/5 * * * *")
def close_pulses() -> None:
    """Let the worker end every pulse whose time has come."""
    end_pulses(now=timezone.now())


def end_pulses(*, now: datetime, chance: random.Random = SHUFFLER) -> int:
    """End the pulses whose time has come; how many. Run as often as you like.

    chance: shuffles; only a test brings another than the system's.
    """
    due = list(Pulse.objects.filter(closes__lte=now, closed_on__isnull=True).values_list("pk", flat=True))
    for pulse in due:
        _end(pulse, now, chance)
    for key in Pulse.objects.filter(closed_on__isnull=False).values_list("key", flat=True):
        pulse_keys.destroy(key)  # after the transaction: killed in between, it is destroyed now
    return len(due)


@transaction.atomic
def _end(number: int, now: datetime, chance: random.Random) -> None:
    """Store all answers at once, each question's in an order of its own, under random numbers; forget the rest.

    All of them were written by this one transaction, so nothing in the tables has the order or the number of the act of
    answering. Fewer than five are destroyed unread.
    """
    pulse = Pulse.objects.select_for_update().get(pk=number)
    # Whoever is answering at this moment holds their token: wait for them, and let nobody in after them.
    list(PulseToken.objects.select_for_update().filter(pulse=pulse).order_by("digest"))
    given = [
        pulse_keys.unseal(bytes(sealed), name=pulse.key)
        for sealed in PulseSealed.objects.filter(pulse=pulse).values_list("sealed", flat=True)
    ]
    if len(given) >= FEWEST:
        cells = [(name, value) for answers in given for name, value in answers.items()]
        chance.shuffle(cells)
        PulseAnswer.objects.bulk_create(
            PulseAnswer(
                id=uuid.UUID(int=chance.getrandbits(128), version=4),
                programme_id=pulse.programme_id,
                site_id=pulse.site_id,
                pulse=pulse,
                question=name,
                value=value,
            )
            for name, value in cells
        )
        pulse.answered = len(given)
    PulseSealed.objects.filter(pulse=pulse).delete()
    PulseToken.objects.filter(pulse=pulse).delete()
    pulse.closed_on = days.of(now)
    pulse.save(update_fields=["answered", "closed_on"])
    _note("surveys.end_pulse", pulse, Actor.system("surveys"), now)


def pulse_verdict(*, guard: str, now: datetime) -> Verdict | None:
    """Whether a letter about a pulse is still wanted: none leaves after its end, or to who stopped letters since."""
    fields = sealing.unseal("pulse", guard.removeprefix(MARK)) if guard.startswith(MARK) else None
    if fields is None:
        return None
    pulse, person = int(fields[0]), int(fields[1])
    row = Pulse.objects.filter(pk=pulse, closes__gt=now).first()
    return Verdict(wanted=row is not None and not _is_quiet(person, row.programme_id))


def token_digest(token: str) -> str:
    """What the database holds of a token: HMAC-SHA256 under a key outside of it."""
    return hmac.digest(links.key(), f"pulse token|{token}".encode(), "sha256").hex()


@erases(kept.PULSE)
def erase_pulses(*, now: datetime, held: frozenset[int]) -> int:
    """The answers to pulses of programmes that are long over, and what is left of pulses that nobody ended."""
    ended = long_over(now=now) - held
    PulseSealed.objects.filter(programme__in=ended).delete()
    PulseToken.objects.filter(programme__in=ended).delete()
    gone, _details = PulseAnswer.objects.filter(programme__in=ended).delete()
    return gone


def _is_quiet(person: int, programme: int) -> bool:
    study_id = link.study_id(person=person, programme=programme)
    return study_id is not None and waves.has_stopped(programme, study_id)


def _letter(pulse: Pulse, person: int, token: str) -> Draft:
    study_id = link.study_id(person=person, programme=pulse.programme_id)
    stop = sealing.seal("stop", pulse.programme_id, study_id) if study_id else ""
    one_click = settings.ORIGIN + reverse("stop_letters", args=[stop]) if stop else ""
    body = _(
        "A few questions for everyone who takes part, without names. They close on %(closes)s.\n\n%(link)s\n\n"
        "The link opens once. Which link went to whom is not written down, so nobody can be reminded, and a lost "
        "letter cannot be replaced. What that protects, and what not, stands on the page itself.\n"
    ) % {
        "closes": day(pulse.closes, ZoneInfo(zone(person))),
        "link": settings.ORIGIN + reverse("pulse_answer", args=[token]),
    }
    return Draft(
        to=address(person),
        subject=_("A few questions without names"),
        body=body,
        event=f"pulse {pulse.pk}, person {person}",
        guard=MARK + sealing.seal("pulse", pulse.pk, person),
        one_click=one_click,
    )


def _note(action: str, pulse: Pulse, actor: Actor, now: datetime, **details: int) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"pulse:{pulse.pk}",
        programme=pulse.programme_id,
        kept_as=kept.PROGRAMME,
        now=now,
        details=details,
    )

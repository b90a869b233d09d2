"""The story of the demo: a programme like Kiser's, from the first announcement to a week after month 3.

Nothing is inserted behind the rules: everything comes about by the rooms' own actions, under a clock that runs
through seven months in half a minute. The arms are drawn as in a real programme, from a labelled test key.
"""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from django.db import connection
from django.urls import reverse

from confrere.coaching import actions as coaching
from confrere.coaching import queries as coaching_queries
from confrere.evidence import actions as evidence
from confrere.lounge import actions as lounge
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.surveys import actions as surveys
from confrere.surveys import queries as surveys_queries
from confrere.surveys.definition import stand_in
from confrere.trial import actions as trial
from confrere.trial import queries as trial_queries
from confrere.trial.consent_texts import shipped_consent
from confrere.trial.protocol import load_protocol, shipped_protocol
from confrere.vault import keys, link
from confrere.vault.audit import Actor
from confrere.web.demo import guard
from confrere.web.demo.agenda import Agenda
from confrere.web.demo.cast import physicians
from confrere.web.demo.hallway import TALKS
from confrere.web.demo.hospital import COACHES, STAFF, Hospital, found
from confrere.web.demo.lives import Lives

SEED = 2024
PROGRAMME = "peers"
#: As in the paper: 3,247 were mailed, recruitment took 118 days, 138 completed the baseline. Two more did not.
MAILED, RECRUITMENT, INCOMPLETE = 3247, timedelta(days=118), 2
#: The last to be allocated answer from day 91 on; the story stops a week later.
AFTER = timedelta(days=91 + 7)
PREPARED = timedelta(days=14)
#: The day of the second announcement; who follows it is in the middle of delayed coaching at the story's end.
SECOND = 75
#: The last to be allocated, whose three-month survey is still open and unanswered at the story's end.
SLOW = 2
#: For so long before the story's end nobody has said whether their session took place.
UNSAID = timedelta(days=4)
SPECIALTIES = (
    "internal-medicine",
    "cardiology",
    "pediatrics",
    "anesthesiology",
    "emergency-medicine",
    "psychiatry",
    "general-surgery",
    "radiology",
)

type Tell = Callable[[str], None]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # progress of long work


def build(*, now: datetime, participants: int, tell: Tell = _say) -> None:
    """Tell the whole story up to `now`, in a new database marked simulated; so many complete the baseline."""
    keys.create_standing_keys(keys.store())
    with connection.cursor() as cursor:
        # A crash while the story is told makes it anew, so that it need not wait for the disk at each act.
        cursor.execute("SET synchronous_commit = off")
    first_day = now - AFTER - RECRUITMENT
    hospital = found(opened=first_day - PREPARED, weeks=48, seed=SEED)
    agenda = Agenda()
    consent = _prepare(hospital, now=first_day - timedelta(days=1))
    lives = Lives(
        hospital=hospital, agenda=agenda, rng=np.random.default_rng(SEED), consent=consent, said_until=now - UNSAID
    )
    _recruit(lives, first_day, participants=participants)
    # What the worker does by itself, as often as the story needs it.
    for day in range(0, (now - first_day).days, 3):
        moment = first_day + timedelta(days=day, hours=4)
        agenda.at(moment, lambda at: trial.catch_up(programme=hospital.programme, now=at))
    for day in range(0, (now - first_day).days, 7):
        agenda.at(first_day + timedelta(days=day, hours=5), lambda at: coaching.settle(now=at))
    for number, talk in enumerate(TALKS):
        agenda.at(now - timedelta(hours=talk.hours_ago), partial(_talk, lives, number))
    _told(tell, agenda, first_day, now)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    _report(hospital, now=now)


def sign_ins() -> list[tuple[str, str]]:
    """(who, path) of one person in each role, and of participants who have different things to do."""
    from django.utils import timezone

    now = timezone.now()
    programme = people.programme_by_slug(PROGRAMME)
    assert programme is not None
    found = [(str(role.label), min(people.members_of(programme, role, now))) for role in STAFF]
    found.append((str(Role.COACH.label), _coach(programme, now)))
    for label, person in _participants(programme, now).items():
        found.append((label, person))
    return [
        (label, reverse("demo_enter", kwargs={"person": person, "token": guard.token(person)}))
        for label, person in found
    ]


def _prepare(hospital: Hospital, *, now: datetime) -> tuple[int, str]:
    """The director's work before the first announcement; the version and hash of the consent."""
    programme, site = hospital.programme, hospital.site
    director = Actor.person(hospital.staff[Role.DIRECTOR])
    text = shipped_protocol("kiser2024")
    protocol = load_protocol(text)
    trial.draft(programme=programme, site=site, protocol=text, actor=director, now=now)
    trial.publish_consent_text(
        programme=programme,
        text=shipped_consent(protocol.consent.document, protocol.consent.version),
        meaning="I agree to take part in this simulated study.",
        actor=director,
        now=now,
    )
    for instrument in sorted({name for wave in protocol.waves for name in wave.instruments}):
        surveys.import_pack(
            programme=programme,
            site=site,
            instrument=instrument,
            pack=stand_in(instrument),
            attestation="Stand-in wording for a simulated programme; it asks nothing real.",
            actor=director,
            now=now,
        )
    trial.lock(programme=programme, actor=director, now=now, test_entropy="the demo's story")
    study = trial_queries.required(programme)
    consent = trial_queries.consent_text(study)
    assert consent is not None
    return consent.version, consent.sha256


def _recruit(lives: Lives, first_day: datetime, *, participants: int) -> None:
    """Two announcements; most come soon after one of them. Two never complete the baseline."""
    hospital, rng = lives.hospital, lives.rng
    director = Actor.person(hospital.staff[Role.DIRECTOR])
    for day in (0, SECOND):
        lives.agenda.at(
            first_day + timedelta(days=day),
            lambda now: trial.announce(programme=hospital.programme, addresses=MAILED, actor=director, now=now),
        )
    others = len(STAFF) + COACHES
    crowd = physicians(participants + INCOMPLETE, seed=SEED, specialties=SPECIALTIES, after=others)
    waves = np.where(rng.random(len(crowd)) < 0.6, 0.0, SECOND) + rng.exponential(12.0, len(crowd))
    last = RECRUITMENT.days - 17
    days = np.sort(np.minimum(waves, last + rng.uniform(0, 1, len(crowd))))
    days[-SLOW:] = np.maximum(days[-SLOW:], last)
    dropped = set(rng.choice(len(crowd) // 2, size=INCOMPLETE, replace=False).tolist())
    for number, (physician, day) in enumerate(zip(crowd, days, strict=True)):
        lives.arrive(
            physician,
            at=first_day + timedelta(days=float(day) + 0.1),
            completes=number not in dropped,
            slow=number >= len(crowd) - SLOW,
        )


def _talk(lives: Lives, number: int, now: datetime) -> None:
    """A question in the lounge, and its answers a while later."""
    talk = TALKS[number]
    members = [person for person, one in lives.persons.items() if one.specialty == talk.specialty]
    if len(members) < 2:
        return  # a small programme has nobody to ask in this specialty
    asker = members[number % len(members)]
    others = [one for one in members if one != asker]
    asked = lounge.ask(
        standing=_standing(asker, now), specialty=talk.specialty, title=talk.title, text=talk.text, now=now
    )
    for reply, colleague in zip(talk.replies, others, strict=False):
        later = now + timedelta(minutes=35)
        given = lounge.answer(
            standing=_standing(colleague, later), question=asked, text=reply.text, source=reply.source, now=later
        )
        if reply.helped:
            lounge.accept(standing=_standing(asker, later), question=asked, answer=given, now=later)


def _told(tell: Tell, agenda: Agenda, first_day: datetime, now: datetime) -> None:
    month = -1

    def progress(moment: datetime) -> None:
        nonlocal month
        passed = (moment - first_day).days // 30
        if passed > month:
            month = passed
            tell(f"Month {month + 1} of {(now - first_day).days // 30 + 1} …")

    agenda.run(until=now, tell=progress)


def _report(hospital: Hospital, *, now: datetime) -> None:
    """The statistician freezes and analyses; the director releases to the leaders."""
    statistician = _standing(hospital.staff[Role.STATISTICIAN], now)
    data_set = evidence.freeze(standing=statistician, now=now)
    report = evidence.analyse(standing=statistician, data_set=data_set, now=now)
    evidence.release(standing=_standing(hospital.staff[Role.DIRECTOR], now), report=report, now=now)


def _participants(programme: int, now: datetime) -> dict[str, int]:
    """One who has a session ahead and can book another, one with a survey to answer, and one who was coached first."""
    everyone = people.members_of(programme, Role.PARTICIPANT, now)
    delivered = coaching_queries.delivered(programme=programme)

    def in_the_middle(person: int) -> tuple[bool, int]:
        booked = coaching_queries.sessions(programme=programme, person=person)
        ledger = coaching_queries.ledger(programme=programme, person=person, now=now)
        left = ledger.remaining if ledger is not None and ledger.open_at(now) else 0
        return any(each.span.start > now for each in booked), left

    def asked(person: int) -> bool:
        code = link.study_id(person=person, programme=programme) or ""
        mine = surveys_queries.windows(programme=programme, study_id=code)
        return any(window.open_at(now) for window in mine)

    def coached(person: int) -> tuple[bool, int]:
        held = delivered[person].held if person in delivered else 0
        return not coaching_queries.sessions(programme=programme, person=person), held

    return {
        "Participant, in the middle of coaching": max(everyone, key=in_the_middle),
        "Participant, with a survey to answer": next(person for person in reversed(everyone) if asked(person)),
        "Participant, coached first": max(everyone, key=coached),
    }


def _coach(programme: int, now: datetime) -> int:
    """The coach with the most to do: sessions to confirm first, then sessions ahead."""

    def to_do(person: int) -> tuple[bool, int]:
        booked = coaching_queries.sessions(programme=programme, person=person)
        return any(each.span.end <= now for each in booked), len(booked)

    return max(sorted(people.members_of(programme, Role.COACH, now)), key=to_do)


def _standing(person: int, now: datetime) -> Standing:
    found = people.standing(person=person, programme=PROGRAMME, now=now)
    assert found is not None
    return found

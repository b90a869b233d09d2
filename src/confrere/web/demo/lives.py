"""What simulated physicians do: consent, answer, meet their coach, answer again. Each act is a real action."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import numpy as np

from confrere.coaching import actions as coaching
from confrere.coaching import queries as coaching_queries
from confrere.people import actions as people
from confrere.surveys import actions as surveys
from confrere.surveys import queries as surveys_queries
from confrere.trial import actions as trial
from confrere.trial import queries as trial_queries
from confrere.vault import link
from confrere.vault.refusals import Refusal
from confrere.web.demo.agenda import Agenda
from confrere.web.demo.cast import Physician
from confrere.web.demo.hospital import SYSTEM, ZONE, Hospital
from confrere.web.demo.replies import fill_in

#: As in the paper: 52 of 67 had a first session; of those 47 answered at three months, of the controls 63 of 71.
STARTS, ANSWERS_COACHED, ANSWERS_CONTROL = 52 / 67, 47 / 52, 63 / 71
#: How many sessions a physician has who starts (mean 5.6, SD 1.3 in the paper).
SESSIONS, SHARES = (1, 2, 3, 4, 5, 6), (0.02, 0.02, 0.03, 0.04, 0.06, 0.83)
#: Share of the delayed arm that books soon after its three-month survey.
BOOKS_LATER = 0.8


@dataclass(slots=True)
class Lives:
    """Everybody's doings, put on the agenda one after the other."""

    hospital: Hospital
    agenda: Agenda
    rng: np.random.Generator
    consent: tuple[int, str]  # version and hash of the text that is shown
    said_until: datetime  # nobody has yet said of later sessions whether they took place
    persons: dict[int, Physician] = field(default_factory=dict)

    def arrive(self, physician: Physician, *, at: datetime, completes: bool, slow: bool = False) -> None:
        """Somebody follows the recruitment link. slow: finds no time for a later survey before the story ends."""
        self.agenda.at(at, lambda now: self._consent(physician, now, completes=completes, slow=slow))

    def _consent(self, physician: Physician, now: datetime, *, completes: bool, slow: bool) -> None:
        programme = self.hospital.programme
        person = people.create_account(email=physician.email, name=physician.name, zone=ZONE, now=now, actor=SYSTEM)
        self.persons[person] = physician
        people.verify(
            person=person,
            specialty=physician.specialty,
            evidence="simulated roster mailbox",
            until=now + timedelta(days=365),
            now=now,
            actor=SYSTEM,
        )
        version, sha256 = self.consent
        trial.consent(programme=programme, person=person, version=version, sha256=sha256, name=physician.name, now=now)
        if completes:
            later = now + timedelta(minutes=float(self.rng.gamma(2.0, 20.0)))
            self.agenda.at(later, lambda then: self._baseline(person, then, slow=slow))

    def _baseline(self, person: int, now: datetime, *, slow: bool) -> None:
        self._answer(person, wave="baseline", now=now, coached=False)
        programme = self.hospital.programme
        study_id = self._study_id(person)
        arm = trial_queries.arms(programme=programme)[study_id]
        starts = arm == "coaching" and self.rng.random() < STARTS
        if starts:
            self._series(person, now + timedelta(days=float(self.rng.uniform(3, 16))), sessions=self._dose())
        answers = ANSWERS_COACHED * starts if arm == "coaching" else ANSWERS_CONTROL
        if self.rng.random() < answers and not slow:
            later = now + timedelta(days=91, hours=float(self.rng.uniform(9, 24 * 6)))
            self.agenda.at(later, lambda then: self._month3(person, then, coached=starts, delayed=arm != "coaching"))

    def _month3(self, person: int, now: datetime, *, coached: bool, delayed: bool) -> None:
        self._answer(person, wave="month3", now=now, coached=coached)
        if not delayed:
            return
        if self.rng.random() < BOOKS_LATER:
            self._series(person, now + timedelta(days=float(self.rng.uniform(2.2, 7))), sessions=self._dose())

    def _answer(self, person: int, *, wave: str, now: datetime, coached: bool) -> None:
        programme, study_id = self.hospital.programme, self._study_id(person)
        window = next(
            one for one in surveys_queries.windows(programme=programme, study_id=study_id) if one.wave == wave
        )
        questions = surveys_queries.questions_of(response=window.response)
        given = fill_in(self.persons[person], questions, later=wave != "baseline", coached=coached)
        surveys.record_answers(programme=programme, response=window.response, answers=given, now=now)
        surveys.complete(programme=programme, response=window.response, now=now)

    def _dose(self) -> int:
        return int(self.rng.choice(SESSIONS, p=SHARES))

    def _series(self, person: int, first: datetime, *, sessions: int) -> None:
        """Choose a coach, and book about every second week from then on."""
        coach = self.hospital.coaches[int(self.rng.integers(len(self.hospital.coaches)))]
        for k in range(sessions):
            moment = first + timedelta(days=12 * k + float(self.rng.uniform(0, 2)))
            key = UUID(bytes=self.rng.bytes(16))
            self.agenda.at(moment, partial(self._book, person, coach.page, coach.person, key))

    def _book(self, person: int, page: int, coach: int, key: UUID, now: datetime) -> None:
        programme = self.hospital.programme
        mine = coaching_queries.ledger(programme=programme, person=person, now=now)
        k = mine.next_k if mine is not None else None
        soonest = now + timedelta(days=8)
        if mine is None or k is None or mine.until <= soonest:
            return
        within = coaching_queries.Span(soonest, min(now + timedelta(days=20), mine.until))
        free = coaching_queries.open_slots(
            programme=programme, coaches=[page], minutes=mine.length(k), within=within, person=person
        )[page]
        if not free:
            return
        start = free[0]
        try:
            booking = coaching.book(programme=programme, person=person, coach=page, start=start, key=key, now=now)
        except Refusal:
            return  # a coach who takes nobody new, or a series that would leave the window: as in life
        if k == 1:  # as everybody is asked to before the first session
            coaching.acknowledge(programme=programme, site=mine.site, person=person, limits=None, now=now)
        end = start + timedelta(minutes=mine.length(k))
        for who, delay in ((coach, 3), (person, 40)) if end < self.said_until else ():
            self.agenda.at(end + timedelta(minutes=delay), partial(self._held, who, booking))

    def _held(self, person: int, booking: int, now: datetime) -> None:
        coaching.confirm_held(
            programme=self.hospital.programme,
            person=person,
            booking=booking,
            said=coaching_queries.Said.HAPPENED,
            now=now,
        )

    def _study_id(self, person: int) -> str:
        study_id = link.study_id(person=person, programme=self.hospital.programme)
        assert study_id is not None
        return study_id

"""Any order of acts, against a plain model: the cap holds, draws stay, nobody is asked after a stop, a locked set of
data stays as it is, a frozen one for ever. Places go to the first to come in one run, by lot in the next.

Found by it, and kept as tests: a seat that lapsed unseen was offered on after recruitment, so that leaving was refused
(`test_data_withdrawal.test_leaving_is_never_refused_after_recruitment`); the record of a lottery in which nobody had
asked was an error of ours (`test_lotteries.test_a_lottery_in_which_nobody_asked_gives_places_to_whoever_comes`).
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, seed
from hypothesis import settings as pace
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.study import DIRECTOR, NOW, PROTOCOL, Study, make_study

from confrere.evidence import actions as evidence
from confrere.evidence.models import FrozenDataSet
from confrere.people import actions as people
from confrere.people.queries import Standing, standing
from confrere.science.allocation import verify_lottery, verify_record
from confrere.surveys import queries as answered
from confrere.surveys.models import Answer, Response
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Consent, ConsentText, Lot, Lottery, Place, PlaceState, Withdrawal
from confrere.vault import actions as vault
from confrere.vault import days, keys
from confrere.vault.refusals import Refusal

#: As many sequences as fit into a run of the checks; before a release 10,000 (CONFRERE_SEQUENCES=10000).
SEQUENCES = int(os.environ.get("CONFRERE_SEQUENCES", "6"))
#: Another number runs other sequences, so that a long run may be shared between processes (CONFRERE_SEED=1).
SEED = int(os.environ.get("CONFRERE_SEED", "0"))
#: What the sequences really did; CONFRERE_TELL=1 prints it after each one.
TRIED: Counter[str] = Counter()
CAP = 3
PEOPLE = st.integers(0, 6)
KINDS = st.sampled_from(["coaching", "questions", "data"])


class Undone(Exception):
    """Rolls a run's transaction back."""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction of which nothing stays."""
    try:
        with transaction.atomic():
            yield
            raise Undone
    except Undone:
        pass


@dataclass(frozen=True)
class Ground:
    """What every sequence begins with: a locked trial, its keys, and its staff; made once, since nothing of a sequence
    stays."""

    study: Study
    by_lot: bool
    home: Path
    staff: dict[str, Standing]


#: One trial whose places go to the first to come, and one that draws lots, before the sequences begin.
GROUNDS: list[Ground] = []


def prepare(home: Path) -> None:
    """Make both grounds."""
    first = make_study()
    lots = people.create_programme(
        site=first.site, slug="lots", name="Peer coaching by lot", zone="America/New_York", now=NOW, actor=DIRECTOR
    )
    GROUNDS.clear()
    for study in (first, Study(programme=lots, site=first.site, slug="lots")):
        by_lot = study is not first
        settings.KEYS = home / study.slug
        keys.create_standing_keys(keys.store())
        staff = {name: staffed(study, name) for name in ("statistician", "director", "second director")}
        order = f'cap = {CAP}\norder = "lottery"' if by_lot else f"cap = {CAP}"
        study.open(PROTOCOL.replace("cap = 6", order))
        GROUNDS.append(Ground(study=study, by_lot=by_lot, home=settings.KEYS, staff=staff))


def staffed(study: Study, name: str) -> Standing:
    """Somebody with the role that is the last word of the name."""
    email = f"{name[:3]}{name[-3:]}.{study.slug}@example.org"
    person = people.create_account(email=email, name=name, zone="UTC", now=NOW)
    role = name.rsplit(maxsplit=1)[-1]
    people.grant_role(person=person, programme=study.programme, role=role, now=NOW, actor=DIRECTOR)
    found = standing(person=person, programme=study.slug, now=NOW)
    assert found is not None
    return found


class Enrolment(RuleBasedStateMachine):
    """Consent, places, lots, draws, waves, withdrawals and time, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.home = TemporaryDirectory()
        self.keys_before = settings.KEYS
        self.scope = undone()
        self.scope.__enter__()
        self.changed = True
        self.lots: dict[str, int] = {}
        self.promised = ""
        self.now: datetime = NOW
        self.ids: dict[int, str] = {}
        self.arms: dict[str, str] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.closed = False
        self.locked: dict[str, int] = {}
        self.frozen: dict[int, bytes] = {}

    @initialize(by_lot=st.booleans(), joined=st.integers(0, 5), answers=st.integers(0, 5))
    def opens(self, by_lot: bool, joined: int, answers: int) -> None:
        """A trial that recruits, to which some have come already, and some of them have answered."""
        ground = GROUNDS[by_lot]
        self.by_lot, self.study, self.staff = by_lot, replace(ground.study, persons={}), ground.staff
        settings.KEYS = Path(copytree(ground.home, Path(self.home.name) / "keys"))
        for person in range(joined):
            self.consent(person)
        for person in range(min(joined, answers)):
            self.answer(person, "baseline", "woman")

    def written(self) -> dict[str, int]:
        """How many rows there are of what a lock closes; answers without those that are being taken back."""
        kept = Answer.objects.filter(response__withdrawn_on__isnull=True)
        return {
            "answers": kept.count(),
            "consents": Consent.objects.count(),
            "draws": Allocation.objects.count(),
            "texts": ConsentText.objects.count(),
        }

    def teardown(self) -> None:
        TRIED["sequences"] += 1
        if os.environ.get("CONFRERE_TELL"):
            print(dict(TRIED), flush=True)  # noqa: T201  # the figures of a long run
        self.scope.__exit__(None, None, None)
        settings.KEYS = self.keys_before
        self.home.cleanup()

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """An act may be refused; then nothing of it stays."""
        TRIED["acts"] += 1
        with suppress(Refusal), transaction.atomic():
            yield
            TRIED["acts that were let"] += 1
            self.changed = True

    def check_invariants(self, settings: pace, output: object, runtimes: object) -> None:
        """A refused act has been rolled back by the database: there is nothing new to look at."""
        if self.changed:
            super().check_invariants(settings, output, runtimes)
        self.changed = False

    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        self.changed = True
        self.now += timedelta(days=days)

    @rule(person=PEOPLE)
    def consent(self, person: int) -> None:
        with self.allowed():
            left = Place.objects.filter(study_id=self.ids.get(person, ""), state=PlaceState.WITHDRAWN).exists()
            study_id = self.study.join(person, now=self.now)
            assert self.ids.setdefault(person, study_id) == study_id
            if left and not self.closed:
                self.stopped = {one for one in self.stopped if one[0] != study_id}  # signing again is coming back

    @rule(person=PEOPLE, wave=st.sampled_from(["baseline", "month3"]), gender=st.sampled_from(["woman", "man"]))
    def answer(self, person: int, wave: str, gender: str) -> None:
        study_id = self.ids.get(person)
        open_waves = [
            window.wave
            for window in answered.windows(programme=self.study.programme, study_id=study_id or "")
            if window.open_at(self.now)
        ]
        if study_id is None or wave not in open_waves:
            return
        arm = self.arms.get(study_id)
        own: dict[str, object] = {"gender": gender} if wave == "baseline" else {"again": "yes"}
        with self.allowed():
            self.study.answer(
                study_id, wave=wave, now=self.now, **(own if wave == "baseline" or arm == "coaching" else {})
            )

    @rule(person=PEOPLE)
    def draw_by_hand(self, person: int) -> None:
        study_id = self.ids.get(person, "S-AAAA-AAAA")
        with self.allowed():
            arm = actions.allocate(programme=self.study.programme, study_id=study_id, now=self.now)
            assert self.arms.get(study_id, arm) == arm

    @rule(person=PEOPLE, kind=KINDS)
    def withdraw(self, person: int, kind: str) -> None:
        if study_id := self.ids.get(person):
            with self.allowed():
                actions.withdraw(programme=self.study.programme, study_id=study_id, kind=kind, now=self.now)
                self.stopped.add((study_id, kind))
                self.recount(kind)
                return
            raise AssertionError("leaving was refused")  # at no moment, in no state

    @rule(person=PEOPLE, kind=KINDS)
    def take_back(self, person: int, kind: str) -> None:
        if study_id := self.ids.get(person):
            with self.allowed():
                actions.take_back(programme=self.study.programme, study_id=study_id, kind=kind, now=self.now)
                self.stopped.discard((study_id, kind))
                self.recount(kind)

    def recount(self, kind: str) -> None:
        """Taking answers back, or giving them again, is the one thing that changes what counts under a lock."""
        if kind == "data" and self.locked:
            self.locked = self.written()

    @rule(days_=st.integers(1, 10))
    def announce_the_lottery(self, days_: int) -> None:
        with self.allowed():
            closes_on = days.of(self.now + timedelta(days=days_))
            scope = {"programme": self.study.programme, "actor": DIRECTOR, "now": self.now}
            promise = actions.announce_lottery(closes_on=closes_on, **scope)
            assert (self.by_lot, self.promised) == (True, "")
            self.promised = promise

    @rule()
    def draw_the_lottery(self) -> None:
        with self.allowed():
            waiting = set(Place.objects.filter(state=PlaceState.WAITING).values_list("study_id", flat=True))
            said = "What somebody read aloud on the morning after."
            drawn = actions.draw_lottery(programme=self.study.programme, said=said, actor=DIRECTOR, now=self.now)
            self.lots = dict(Lot.objects.values_list("study_id", "rank"))
            assert (set(self.lots), drawn) == (waiting, len(waiting))
            assert sorted(self.lots.values()) == list(range(1, drawn + 1))
            first = set(Place.objects.exclude(state=PlaceState.WAITING).values_list("study_id", flat=True))
            assert all(study_id in first for study_id, rank in self.lots.items() if rank <= CAP)

    @rule()
    def other_words(self) -> None:
        with self.allowed():
            self.study.text(f"Words of {self.now:%Y-%m-%d}.", now=self.now)

    @rule()
    def the_clock_erases(self) -> None:
        with self.allowed():
            gone = vault.expire(now=self.now)
            if gone.get("answer") and self.locked:
                self.locked = self.written()  # what people took back ends under a lock, too

    @rule()
    def freeze(self) -> None:
        with self.allowed():
            made = evidence.freeze(standing=self.staff["statistician"], now=self.now)
            self.frozen.setdefault(made.pk, bytes(made.content))

    @rule()
    def lock_the_data(self) -> None:
        with self.allowed():
            actions.lock_data(standing=self.staff["director"], now=self.now)
            self.locked = self.written()

    @rule()
    def open_the_data(self) -> None:
        scope = {"programme": self.study.programme, "now": self.now}
        with self.allowed():
            vault.ask_unlock(**scope, reason="A value is wrong.", person=self.staff["director"].person)
            with suppress(Refusal), transaction.atomic():
                vault.unlock_data(**scope, person=self.staff["director"].person)
                raise AssertionError("one person opened the data alone")
            vault.unlock_data(**scope, person=self.staff["second director"].person)
            self.locked = {}

    @rule()
    def follow_up(self) -> None:
        self.changed = True
        actions.catch_up(programme=self.study.programme, now=self.now)

    @rule()
    def publish(self) -> None:
        with self.allowed():
            record = actions.close_and_publish(programme=self.study.programme, actor=DIRECTOR, now=self.now)
            assert verify_record(record).verified
            self.closed = True

    @invariant()
    def seats_never_exceed_the_cap(self) -> None:
        stand = queries.places(queries.required(self.study.programme))
        assert stand[PlaceState.HELD] + stand[PlaceState.FINAL] <= CAP

    @invariant()
    def draws_stay_and_follow_a_baseline_and_a_final_place(self) -> None:
        drawn = queries.arms(programme=self.study.programme)
        assert {study_id: drawn.get(study_id) for study_id in self.arms} == self.arms
        self.arms = drawn
        final = set(Place.objects.filter(state=PlaceState.FINAL).values_list("study_id", flat=True))
        sent = answered.completed(programme=self.study.programme, wave="baseline")
        assert set(drawn) == final
        took_back = set(Withdrawal.objects.filter(kind="data", taken_back_on=None).values_list("study_id", flat=True))
        assert final <= set(sent) | took_back

    @invariant()
    def counters_have_no_gap(self) -> None:
        seen: dict[str, int] = {}
        for row in Allocation.objects.order_by("pk"):
            assert row.counter == seen.get(row.stratum, 0)
            seen[row.stratum] = row.counter + 1

    @invariant()
    def nobody_waits_beside_a_free_seat(self) -> None:
        trial = queries.required(self.study.programme)
        stand = queries.places(trial)
        if stand[PlaceState.WAITING] and not self.closed and not queries.lottery_pending(trial):
            assert stand[PlaceState.HELD] + stand[PlaceState.FINAL] == CAP

    @invariant()
    def lots_decide_once_and_nobody_has_a_place_before(self) -> None:
        trial = queries.required(self.study.programme)
        if queries.lottery_pending(trial):
            stand = queries.places(trial)
            assert stand[PlaceState.HELD] + stand[PlaceState.FINAL] == 0
        assert dict(Lot.objects.values_list("study_id", "rank")) == self.lots
        for one in Lottery.objects.all():
            assert one.commitment == self.promised
            assert one.drawn_on is None or not self.lots or verify_lottery(queries.lottery_record(trial)).verified

    @invariant()
    def nobody_is_asked_after_a_stop(self) -> None:
        for study_id, kind in self.stopped:
            if kind in {"questions", "data"}:
                windows = answered.windows(programme=self.study.programme, study_id=study_id)
                assert not any(window.open_at(window.opens) for window in windows)

    @invariant()
    def what_is_locked_stays(self) -> None:
        assert not self.locked or self.written() == self.locked

    @invariant()
    def what_is_frozen_never_changes(self) -> None:
        for row in FrozenDataSet.objects.all():
            assert bytes(row.content) == self.frozen[row.pk]

    @invariant()
    def what_is_taken_back_counts_no_more(self) -> None:
        gone = answered.taken_back(programme=self.study.programme)
        for wave in ("baseline", "month3") if gone else ():
            frozen = Response.objects.filter(wave=wave, frozen_on__isnull=False).values_list("study_id", flat=True)
            assert not gone & set(answered.answers(programme=self.study.programme, wave=wave)) - set(frozen)

    @rule()
    def the_flow_adds_up(self) -> None:
        queries.flow(programme=self.study.programme)  # a Flow that does not add up cannot be made


@pytest.mark.django_db
@pytest.mark.slow
def test_no_order_of_acts_breaks_an_enrolment(settings: object, tmp_path: Path) -> None:
    prepare(tmp_path)
    run_state_machine_as_test(
        seed(SEED)(Enrolment),
        settings=pace(
            max_examples=SEQUENCES,
            stateful_step_count=20,
            deadline=None,
            derandomize=not SEED,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""However claims, bindings, seconds, lapses and moderators follow each other: one number, one person, one open door.

A small run by default; CONFRERE_DOOR=500 for a long one.
"""

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.people.door.conftest import SYSTEM, TRAINEE, Town, doctor

from confrere.people import actions, queries
from confrere.people.actions import claims
from confrere.people.models import MOVES, Binding, Claim, Credential, Decision
from confrere.people.roles import Role
from confrere.people.rules.claims import Said
from confrere.vault.refusals import Refusal

WHO = st.integers(0, 2)


class Door(RuleBasedStateMachine):
    """Three persons with one name, of whom each may say that the one number is theirs."""

    town: Town

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint_create()
        self.now = timezone.now()
        self.one = self.town.doctors[0]
        self.persons = [self.town.person(name) for name in ("Ama Osei", "Ama B Osei", "Ama C Osei")]
        self.moderators = [self.town.person(name, Role.MODERATOR) for name in ("Mod One", "Mod Two")]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def tries(self, verb: object) -> None:
        """Do it; being refused is an answer."""
        assert callable(verb)
        with suppress(Refusal), transaction.atomic():
            verb()

    def claim_of(self, who: int) -> Claim | None:
        return Claim.objects.filter(user=self.persons[who]).order_by("-pk").first()

    @rule(who=WHO)
    def claims(self, who: int) -> None:
        said = Said(
            register="us-nppes",
            number=self.one.number,
            given="Ama",
            family="Osei",
            jurisdiction="NY",
            licence=self.one.licence,
        )
        self.tries(lambda: claims._claim(standing=self.town.standing(self.persons[who]), said=said, now=self.now))

    @rule(who=WHO, binding=st.sampled_from([Binding.ROSTER, Binding.VOUCHERS]))
    def shows(self, who: int, binding: Binding) -> None:
        claim = self.claim_of(who)
        if claim is not None and claim.state in {"open", "lapsed", "frozen"}:
            self.tries(lambda: claims.bind(claim=claim, binding=binding, evidence={}, actor=SYSTEM, now=self.now))

    @rule(who=WHO, agrees=st.booleans())
    def moderators_look(self, who: int, agrees: bool) -> None:
        claim = self.claim_of(who)
        for moderator in self.moderators if claim is not None else []:
            assert claim is not None
            me, number = self.town.standing(moderator), claim.pk
            self.tries(
                lambda me=me, number=number: actions.look(standing=me, claim=number, agrees=agrees, now=self.now)
            )

    @rule(who=WHO)
    def held(self, who: int) -> None:
        claim = self.claim_of(who)
        if claim is not None:
            me = self.town.standing(self.moderators[0])
            self.tries(lambda: actions.hold(standing=me, claim=claim.pk, now=self.now))

    @rule(who=WHO)
    def gives_up(self, who: int) -> None:
        self.tries(lambda: actions.give_up(person=self.persons[who], now=self.now))

    @rule(status=st.sampled_from(["active", "expired", "revoked"]))
    def the_state_says(self, status: str) -> None:
        from confrere.people.models import Licence

        Licence.objects.filter(number=self.one.licence).update(status=status)
        actions.recheck(now=self.now)

    @rule(days=st.sampled_from([1, 20]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        actions.recheck(now=self.now)

    @invariant()
    def one_door_at_most_is_open_and_only_of_who_is_bound(self) -> None:
        inside = [person for person in self.persons if queries.credential(person=person, now=self.now)]
        assert len(inside) <= 1
        for person in inside:
            claim = Claim.objects.filter(user=person).order_by("-pk")[0]
            assert claim.state == "bound"

    @invariant()
    def every_step_is_one_of_the_table_and_says_why(self) -> None:
        for row in Decision.objects.exclude(came_from=""):
            assert row.came_from == row.went_to or row.went_to in MOVES[row.came_from]
            assert row.why

    @invariant()
    def whoever_was_taken_back_stays_out(self) -> None:
        revoked = Claim.objects.filter(state="revoked").values_list("user", flat=True)
        assert not Credential.objects.filter(user__in=revoked, until__gt=self.now).exists()


def test_the_door_through_every_order_of_events(town: Town) -> None:
    town.doctors = [doctor(1, "Ama", "Osei")]
    town.import_all()
    machine = type("Door", (Door,), {"town": town})
    runs = int(os.environ.get("CONFRERE_DOOR", "8"))
    chosen = settings(
        max_examples=runs,
        stateful_step_count=15,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "bound", "binding": ""},
        {"state": "bound", "binding": "roster", "bound_at": None},
        {"state": "open", "trainee": True, "binding": "badge"},
    ],
)
def test_the_database_refuses_what_no_verb_writes(town: Town, wrong: dict[str, object]) -> None:
    person = town.person("Ama Osei")
    site = town.standing(person).site
    own: dict[str, object] = {"programme_id": town.programme, "site_id": site, "user_id": person, "register": "x"}
    own |= {"number": "1", "family": "Osei", "trainee": False, "specialty": "cardiology", "opened_at": town.now}
    own |= {"data_of": town.now.date(), "bound_at": town.now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**own | wrong)
    Claim.objects.create(**own | {"state": "bound", "binding": "roster"})
    other = own | {"user_id": town.person("Ama B Osei"), "state": "bound", "binding": "roster"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**own | {"number": "2"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(claim=Claim.objects.get(), went_to="open", why="", evidence={}, actor="x", at=town.now)


def test_a_third_claim_leaves_the_frozen_ones_as_they_are(town: Town) -> None:
    one = doctor(1, "Ama", "Osei")
    town.doctors = [one]
    town.import_all()
    said = Said(
        register="us-nppes", number=one.number, given="Ama", family="Osei", jurisdiction="NY", licence=one.licence
    )
    persons = [town.person(name) for name in ("Ama Osei", "Ama B Osei", "Ama C Osei")]
    for person in persons:
        actions.claim(standing=town.standing(person), said=said, now=town.now)
    found = [Claim.objects.get(user=person) for person in persons]
    assert [(claim.state, claim.before) for claim in found] == [("frozen", "open")] * 3
    frozen = Decision.objects.filter(why="second_claim")
    assert [frozen.filter(claim=claim).count() for claim in found] == [1, 1, 1]


def test_a_trainee_is_bound_by_no_badge(town: Town) -> None:
    resident = doctor(9, "Noor", "Haddad", code=TRAINEE, licence="")
    town.doctors = [resident]
    town.import_all()
    said = Said(
        register="us-nppes",
        number=resident.number,
        given="Noor",
        family="Haddad",
        jurisdiction="",
        licence="",
        specialty="pediatrics",
    )
    claim = actions.claim(standing=town.standing(town.person("Noor Haddad")), said=said, now=town.now)
    for binding in (Binding.BADGE, Binding.VOUCHERS):
        with pytest.raises(Refusal, match="by their institution only"):
            claims.bind(claim=claim, binding=binding, evidence={}, actor=SYSTEM, now=town.now)
    claim.refresh_from_db()
    assert (claim.state, claim.binding) == ("open", "")

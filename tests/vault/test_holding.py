"""A legal hold takes two people to begin and two to end, and pauses exactly what it names."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.conftest import NOW

from confrere.vault import actions, audit, queries
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.models import Hold, Payload
from confrere.vault.refusals import Refusal

pytestmark = pytest.mark.django_db

WHO = (1, 2, 3)


def ask(*classes: str, programme: int = 1, person: int = 1) -> int:
    return actions.ask_hold(programme=programme, site=1, classes=classes, reason="file 12/2026", person=person, now=NOW)


def hold(*classes: str, programme: int = 1) -> int:
    """A hold in force."""
    made = ask(*classes, programme=programme)
    actions.confirm_hold(programme=programme, hold=made, person=2, now=NOW)
    return made


def lift(made: int) -> None:
    actions.ask_lift(programme=1, hold=made, person=1, now=NOW)
    actions.lift_hold(programme=1, hold=made, person=2, now=NOW)


def test_a_hold_names_its_reason_and_what_the_clock_would_erase() -> None:
    for classes, reason in ((["booking"], " "), ([], "file 12"), (["consent"], "file 12"), (["nothing"], "file 12")):
        with pytest.raises(Refusal) as refused:
            actions.ask_hold(programme=1, site=1, classes=classes, reason=reason, person=1, now=NOW)
        assert refused.value.status == 422
    assert not Hold.objects.exists()


def test_two_people_begin_it_and_two_people_end_it() -> None:
    made = ask("booking", "entitlement")
    assert (str(Hold.objects.get()), queries.held()) == (f"hold {made}", {})
    with pytest.raises(Refusal, match="another person has to confirm"):
        actions.confirm_hold(programme=1, hold=made, person=1, now=NOW)
    with pytest.raises(Refusal, match="Nobody has confirmed"):
        actions.ask_lift(programme=1, hold=made, person=1, now=NOW)
    for _again in range(2):
        actions.confirm_hold(programme=1, hold=made, person=2, now=NOW)
    assert queries.held() == {"booking": frozenset({1}), "entitlement": frozenset({1})}
    with pytest.raises(Refusal, match="Nobody has asked yet"):
        actions.lift_hold(programme=1, hold=made, person=2, now=NOW)
    for person in (2, 1):  # asked twice is asked once, by the first
        actions.ask_lift(programme=1, hold=made, person=person, now=NOW)
    with pytest.raises(Refusal, match="another person has to agree"):
        actions.lift_hold(programme=1, hold=made, person=2, now=NOW)
    actions.lift_hold(programme=1, hold=made, person=3, now=NOW)
    assert queries.held() == {}
    with pytest.raises(Refusal, match="was lifted already"):
        actions.ask_lift(programme=1, hold=made, person=1, now=NOW)
    told = [json.loads(body)["action"] for body in Payload.objects.order_by("pk").values_list("body", flat=True)]
    assert told == ["vault.ask_hold", "vault.confirm_hold", "vault.ask_lift", "vault.lift_hold"]


def test_a_hold_of_another_programme_is_not_there() -> None:
    made = ask("booking")
    with pytest.raises(Refusal) as refused:
        actions.confirm_hold(programme=2, hold=made, person=2, now=NOW)
    assert refused.value.status == 404
    assert queries.holds(programmes=[2]) == []
    assert [each.pk for each in queries.holds(programmes=[1])] == [made]
    assert queries.holds(programmes=[1], active=True) == []


@pytest.mark.parametrize(
    "row",
    [
        {"confirmed_by": 1, "confirmed_at": NOW},
        {"confirmed_at": NOW},
        {"confirmed_by": 2, "confirmed_at": NOW, "lifted_by": 3, "lifted_at": NOW},
        {"confirmed_by": 2, "confirmed_at": NOW, "lift_asked_by": 3, "lifted_by": 3, "lifted_at": NOW},
        {"lift_asked_by": 3, "lifted_by": 2, "lifted_at": NOW},
        {"reason": ""},
        {"classes": []},
    ],
)
def test_the_database_keeps_the_two_apart(row: dict[str, object]) -> None:
    made = ask("booking")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=made).update(**row)


def note(kept_as: str, programme: int | None, now: datetime) -> None:
    audit.record(
        action="test", actor=Actor.system("test"), about=kept_as, programme=programme, kept_as=kept_as, now=now
    )


def erased(chain_now: Callable[[], None]) -> int:
    gone = actions.erase_payloads(now=NOW)
    chain_now()
    return gone


def test_the_audit_of_a_held_class_stays_in_that_programme_only(chain_now: Callable[[], None]) -> None:
    old = NOW - timedelta(days=8)
    for programme in (1, 2, None):
        note(kept.BOOKING, programme, old)
        note(kept.ENTITLEMENT, programme, old)
    chain_now()
    made = hold("booking")
    assert erased(chain_now) == 4  # programme 2's booking, and every entitlement's
    lift(made)
    assert erased(chain_now) == 2
    assert queries.verdict().broken is None


def test_the_whole_trail_can_be_held(chain_now: Callable[[], None]) -> None:
    note(kept.BOOKING, 1, NOW - timedelta(days=8))
    chain_now()
    hold("audit_payload")
    assert erased(chain_now) == 0


def test_what_belongs_to_no_programme_is_kept_by_a_hold_in_any() -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(days=1))
    made = hold("sign_in", programme=1)
    assert "sessions.Session" not in actions.expire(now=NOW)
    lift(made)
    assert actions.expire(now=NOW)["sessions.Session"] == 1


STEPS = {"confirm": actions.confirm_hold, "ask": actions.ask_lift, "lift": actions.lift_hold}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(WHO)), max_size=7))
def test_whatever_they_try_it_never_begins_nor_ends_by_one_hand(tries: list[tuple[str, int]]) -> None:
    made, asked_by, lift_by = ask("booking"), 1, None
    active = over = False
    for step, person in tries:
        allowed = {
            "confirm": not over and person != asked_by,
            "ask": active,
            "lift": active and lift_by is not None and person != lift_by,
        }[step]
        try:
            STEPS[step](programme=1, hold=made, person=person, now=NOW)
        except Refusal:
            assert not allowed
            continue
        assert allowed
        lift_by = person if step == "ask" and lift_by is None else lift_by
        active, over = (False, True) if step == "lift" else (active or step == "confirm", over)
    assert ("booking" in queries.held()) is active
    Hold.objects.filter(pk=made).delete()

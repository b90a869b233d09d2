"""What counts at each access, what no longer does, and how soon a door closes."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests.people.door.access.conftest import page
from tests.people.door.conftest import CLAIM, DOOR, SYSTEM, Town, doctor

from confrere.people import actions
from confrere.people.actions import claims, rechecking
from confrere.people.models import MOVES, Claim, Credential, Decision, Vouch
from confrere.people.rules.claims import WHY, counts_until, is_stale
from confrere.people.rules.door import reason, why_closed
from confrere.vault.models import Payload


def test_data_of_thirty_days_opens_and_of_thirty_one_does_not(town: Town, osei: int) -> None:
    claim = Claim.objects.get()
    credential = Credential.objects.get()
    assert credential.until == counts_until(bound_at=claim.bound_at or town.now, data_of=claim.data_of)
    assert credential.until.date() == claim.data_of + timedelta(days=31)
    assert not is_stale(claim.data_of, now=town.now + timedelta(days=27))
    late = town.now + timedelta(days=29)
    assert why_closed(person=osei, now=late) == str(WHY["data_old"])
    Credential.objects.update(until=timezone.now())
    Claim.objects.update(data_of=claim.data_of - timedelta(days=40))
    assert "more than 30 days old" in page(town, osei)
    assert "more than 30 days old" in town.client(osei).get(DOOR).text


def test_new_files_carry_a_member_on(town: Town, osei: int) -> None:
    later = town.now + timedelta(days=35)
    town.doctors[0].licence = town.doctors[0].licence  # nothing has changed about them
    town.import_all(as_of=later.date(), now=later)
    assert actions.recheck(now=later) == {"bound": 1}
    assert Credential.objects.get().until.date() == later.date() + timedelta(days=31)
    assert Claim.objects.get().data_of == later.date()
    many = Decision.objects.count()
    assert actions.recheck(now=later) == {"bound": 1}
    assert Decision.objects.count() == many


def test_without_new_files_nothing_is_carried_on(town: Town, osei: int) -> None:
    before = Credential.objects.get().until
    assert actions.recheck(now=town.now + timedelta(days=60)) == {"bound": 1}
    assert Credential.objects.get().until == before


def test_a_licence_that_ends_closes_the_door_until_it_is_renewed(town: Town, osei: int) -> None:
    client = town.client(osei)
    one = town.doctors[0]
    one.expires = "01/31/2020"
    now = timezone.now()
    town.import_all(as_of=now.date(), now=now)
    assert actions.recheck(now=now) == {"lapsed": 1}
    assert town.enters(client) == 403
    assert "has expired" in page(town, osei)
    assert "lounge is closed" in town.letter(f"{Claim.objects.get().user.email}")
    assert actions.recheck(now=now) == {"lapsed": 1}
    one.expires = "12/31/2099"
    later = timezone.now()
    Claim.objects.update(data_of=now.date() - timedelta(days=1))
    town.doctors.append(doctor(3, "Wei", "Li"))
    town.import_all(as_of=later.date(), now=later)
    rechecking.recheck_at_night()
    assert town.enters(client) == 200
    assert Claim.objects.get().state == "bound"


@pytest.mark.parametrize("how", ["excluded", "licence_revoked"])
def test_what_is_grave_ends_every_session_with_the_next_click(town: Town, osei: int, how: str) -> None:
    clients = [town.client(osei) for _device in range(2)]
    assert [town.enters(client) for client in clients] == [200, 200]
    one = town.doctors[0]
    if how == "excluded":
        town.excluded.append((one.family, one.given, one.number))
    else:
        one.status = "Suspended"
    now = timezone.now()
    town.import_all(as_of=now.date(), now=now)
    assert actions.recheck(now=now) == {"revoked": 1}
    for client in clients:
        answer = client.get("/p/peers/lounge/")
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/accounts/login/")
    again = town.client(osei)
    assert str(WHY[how]).split(".")[0] in unescape(again.get("/p/peers/lounge/").text)
    assert "taken back by moderators" in again.post(CLAIM, one.said()).text
    assert rechecking.recheck_one(claim=Claim.objects.get().pk, now=now) == "revoked"


def test_a_number_that_is_gone_lapses(town: Town, osei: int) -> None:
    town.doctors = town.doctors[1:]
    now = timezone.now()
    town.import_all(as_of=now.date(), now=now)
    assert actions.recheck(now=now) == {"lapsed": 1}
    assert "not active" in page(town, osei)


def test_evidence_counts_for_twelve_months_and_can_be_shown_again(town: Town, osei: int) -> None:
    Vouch.objects.create(claim=Claim.objects.get(), voucher_id=town.person("Any Body"), at=town.now)
    old = town.now - timedelta(days=366)
    Claim.objects.update(bound_at=old)
    assert reason(Claim.objects.get(), now=town.now) == str(WHY["evidence_old"])
    assert actions.recheck(now=timezone.now()) == {"lapsed": 1}
    assert not Vouch.objects.exists()
    assert "twelve months old" in page(town, osei)
    assert actions.recheck(now=timezone.now()) == {"lapsed": 1}
    assert town.follow_link(osei) == 302
    assert town.enters(town.client(osei)) == 200


def test_every_decision_leaves_evidence_and_an_audit_event(town: Town, osei: int) -> None:
    bodies = Payload.objects.filter(body__contains='"people.decide_claim"').count()
    assert bodies == Decision.objects.count() == 3
    assert Decision.objects.get(why="roster").evidence.keys() >= {"link", "file", "licence_file", "data_of"}


def test_a_step_that_is_none_is_a_fault_of_ours(town: Town, osei: int) -> None:
    claim = Claim.objects.get()
    assert "open" not in MOVES[claim.state]
    with pytest.raises(LookupError, match="no claim goes from bound to open"):
        claims.move(claim, to="open", why="x", evidence={}, actor=SYSTEM, now=town.now)


def test_what_could_not_be_asked_closes_no_door_by_itself(town: Town, osei: int) -> None:
    from confrere.people.models import RegisterFile

    RegisterFile.objects.filter(kind="licences").delete()
    assert actions.recheck(now=timezone.now()) == {"bound": 1}
    assert town.enters(town.client(osei)) == 200
    assert str(Claim.objects.get()) == "claim bound"

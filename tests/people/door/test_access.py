"""At every access: what counts, what no longer does, and how soon a door closes."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone
from tests.people.door.conftest import CLAIM, DOOR, SYSTEM, Town, doctor

from confrere.people import actions
from confrere.people.actions import claims, rechecking
from confrere.people.models import MOVES, Claim, Credential, Decision, Vouch
from confrere.people.rules.claims import WHY, Said, Unfit, counts_until, is_stale
from confrere.people.rules.door import reason, why_closed
from confrere.post.models import Letter
from confrere.vault.models import Payload


@pytest.fixture
def osei(town: Town) -> int:
    """A member, with an entry in every register."""
    town.doctors = [doctor(1, "Ama", "Osei"), doctor(2, "José", "García")]
    town.import_all()
    return town.bound(town.doctors[0])


def page(town: Town, person: int) -> str:
    return town.client(person).get("/p/peers/lounge/").text


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


class TestSecondClaim:
    def test_both_doors_close_and_the_mailbox_is_told(self, town: Town, osei: int, moderators: tuple[int, int]) -> None:
        member = town.client(osei)
        thief, client = town.enter("Ama B Osei")
        assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
        assert [claim.state for claim in Claim.objects.order_by("pk")] == ["frozen", "frozen"]
        assert town.enters(member) == 403
        assert "nothing that you did" in member.get(DOOR).text
        assert "Your entry in the register is found" in client.get(DOOR).text
        assert "that they are you" in town.letter(f"npi{town.doctors[0].number}@hospital.example")
        assert not Letter.objects.filter(to="ama-b-osei@mail.example").exists()
        assert "looking at your claim" in member.post(DOOR + "give-up/").text
        own = Claim.objects.get(user=osei)
        first, second = (town.client(moderator) for moderator in moderators)
        assert "two persons say" in first.get(DOOR + "queue/").text
        assert "Ama B Osei" in first.get(f"{DOOR}queue/{own.pk}/").text
        for moderator in (first, second):
            assert moderator.post(f"{DOOR}queue/{own.pk}/", {"act": "yes"}).status_code == 302
        assert town.enters(member) == 200
        assert town.enters(client) == 403
        assert "somebody else" in client.get(DOOR).text
        assert thief != osei

    def test_who_reads_the_mailbox_shows_something_and_moderators_still_look(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        second, client = town.enter("Ama B Osei")
        client.post(CLAIM, town.doctors[0].said())
        assert town.follow_link(second) == 302
        assert town.enters(client) == 403
        assert "Two moderators look at it first" in client.get(DOOR).text
        mine = Claim.objects.get(user=second)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=mine.pk, agrees=True, now=timezone.now())
        assert town.enters(client) == 200
        assert town.enters(town.client(osei)) == 403

    def test_a_third_finds_them_frozen_and_none_may_be_it(self, town: Town, moderators: tuple[int, int]) -> None:
        town.doctors = [doctor(1, "Ama", "Osei")]
        town.import_all()
        people = [town.enter(name) for name in ("Ama Osei", "Ama C Osei", "Ama D Osei")]
        for _person, client in people:
            assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
        assert {claim.state for claim in Claim.objects.all()} == {"frozen"}
        for claim in Claim.objects.all():
            for moderator in moderators:
                actions.look(standing=town.standing(moderator), claim=claim.pk, agrees=False, now=timezone.now())
        assert {(claim.state, claim.why) for claim in Claim.objects.all()} == {("gone", "other_person")}

    def test_the_first_of_two_without_evidence_goes_on_as_before(self, town: Town, moderators: tuple[int, int]) -> None:
        town.doctors = [doctor(1, "Ama", "Osei")]
        town.import_all()
        first, client = town.enter("Ama Osei")
        _second, other = town.enter("Ama C Osei")
        for each in (client, other):
            each.post(CLAIM, town.doctors[0].said())
        mine = Claim.objects.get(user=first)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=mine.pk, agrees=True, now=timezone.now())
        mine.refresh_from_db()
        assert (mine.state, mine.why) == ("open", "released")
        assert "Your entry in the register is found" in client.get(DOOR).text

    def test_a_moderator_whose_number_is_in_question_does_not_decide(
        self, town: Town, osei: int, moderators: tuple[int, int], refused: Callable[..., str]
    ) -> None:
        first = moderators[0]
        Claim.objects.update(user=first)
        thief, client = town.enter("Ama B Osei")
        client.post(CLAIM, town.doctors[0].said())
        theirs = Claim.objects.get(user=thief)
        no = {"standing": town.standing(first), "claim": theirs.pk, "agrees": False, "now": timezone.now()}
        assert "Your own number" in refused(lambda: actions.look(**no))  # type: ignore[arg-type]  # a table


class TestHold:
    def test_a_moderator_closes_a_door_at_once_and_two_take_it_back(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        member, claim = town.client(osei), Claim.objects.get()
        first, second = (town.client(moderator) for moderator in moderators)
        path = f"{DOOR}queue/{claim.pk}/"
        assert "Close this door" in first.get(path).text
        assert first.post(path, {"act": "hold"}).status_code == 302
        assert town.enters(member) == 403
        assert "until two of them have looked" in page(town, osei)
        assert "held by a moderator" in first.get(DOOR + "queue/").text
        assert first.post(path, {"act": "hold"}).status_code == 409
        for moderator in (first, second):
            assert moderator.post(path, {"act": "no"}).status_code == 302
        assert Claim.objects.get().state == "revoked"
        assert member.get("/p/peers/lounge/").status_code == 302
        assert "took your membership back" in page(town, osei)

    def test_or_two_open_it_again(self, town: Town, osei: int, moderators: tuple[int, int]) -> None:
        now = timezone.now()
        actions.hold(standing=town.standing(moderators[0]), claim=Claim.objects.get().pk, now=now)
        since = Claim.objects.get().member_since
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=Claim.objects.get().pk, agrees=True, now=now)
        assert town.enters(town.client(osei)) == 200
        assert Claim.objects.get().member_since == since

    def test_what_is_no_longer_carried_lapses_when_it_is_opened(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        now = timezone.now()
        actions.hold(standing=town.standing(moderators[0]), claim=Claim.objects.get().pk, now=now)
        town.doctors[0].expires = "01/31/2020"
        town.import_all(as_of=now.date(), now=now)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=Claim.objects.get().pk, agrees=True, now=now)
        assert (Claim.objects.get().state, Claim.objects.get().why) == ("lapsed", "licence_expired")


def test_a_namesake_of_an_excluded_person_is_looked_at_first(town: Town, moderators: tuple[int, int]) -> None:
    town.doctors = [doctor(1, "Ama", "Osei")]
    town.excluded = [("OSEI", "AMA", "")]
    town.import_all()
    town.roster(town.doctors[0])
    person, client = town.enter("Ama Osei")
    assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
    assert town.follow_link(person) == 302
    assert town.enters(client) == 403
    assert "Two moderators look" in client.get(DOOR).text
    claim = Claim.objects.get()
    moderator = town.client(moderators[0])
    assert "NY 2020" in moderator.get(f"{DOOR}queue/{claim.pk}/").text
    assert "namesake" in moderator.get(DOOR + "queue/").text
    for each in moderators:
        actions.look(standing=town.standing(each), claim=claim.pk, agrees=True, now=timezone.now())
    assert town.enters(client) == 200


def test_every_decision_leaves_evidence_and_an_audit_event(town: Town, osei: int) -> None:
    bodies = Payload.objects.filter(body__contains='"people.decide_claim"').count()
    assert bodies == Decision.objects.count() == 3
    assert Decision.objects.get(why="roster").evidence.keys() >= {"link", "file", "licence_file", "data_of"}


def test_a_step_that_is_none_is_a_fault_of_ours(town: Town, osei: int) -> None:
    claim = Claim.objects.get()
    assert "open" not in MOVES[claim.state]
    with pytest.raises(LookupError, match="no claim goes from bound to open"):
        claims.move(claim, to="open", why="x", evidence={}, actor=SYSTEM, now=town.now)


class TestWithoutFiles:
    def test_nobody_can_be_checked(self, town: Town, refused: Callable[..., str]) -> None:
        _person, client = town.enter("Ama Osei")
        assert "No register is here yet" in client.get(CLAIM).text
        said = Said(register="us-nppes", number="1234567893", given="Ama", family="Osei")
        me = town.standing(_person)
        assert "No register has been imported" in refused(lambda: actions.claim(standing=me, said=said, now=town.now))

    def test_nor_without_the_list_of_exclusions_or_by_old_files(self, town: Town, refused: Callable[..., str]) -> None:
        from confrere.people.models import Exclusion, RegisterFile

        one = doctor(1, "Ama", "Osei")
        town.doctors = [one]
        town.import_all(as_of=(town.now - timedelta(days=31)).date())
        person, client = town.enter("Ama Osei")
        assert "more than 30 days old" in client.post(CLAIM, one.said()).text
        assert client.post(CLAIM, one.said(register="xx")).status_code == 422
        RegisterFile.objects.filter(register="us-leie").delete()
        Exclusion.objects.all().delete()
        assert "No register has been imported" in client.post(CLAIM, one.said()).text
        said = Said(register="xx", number="1", given="Ama", family="Osei")
        me = town.standing(person)
        assert "Choose a register" in refused(lambda: actions.claim(standing=me, said=said, now=town.now))


def test_the_eleventh_try_of_a_day_waits_until_tomorrow(town: Town) -> None:
    one = doctor(1, "Ama", "Osei")
    town.doctors = [one]
    town.import_all()
    person, client = town.enter("Ama Osei")
    for _try in range(10):
        assert client.post(CLAIM, one.said(licence="X1")).status_code == 422
    answer = client.post(CLAIM, one.said())
    assert answer.status_code == 429
    assert "tenth try" in answer.text
    said = Said(register="us-nppes", number=one.number, given="Ama", family="Osei")
    with pytest.raises(Unfit):
        actions.claim(standing=town.standing(person), said=said, now=town.now)


def test_one_claim_at_a_time(town: Town, osei: int) -> None:
    client = town.client(osei)
    answer = client.post(CLAIM, town.doctors[0].said())
    assert (answer.status_code, "a claim already" in answer.text) == (409, True)
    assert "Give this claim up?" in client.get(DOOR + "give-up/").text
    assert client.post(DOOR + "give-up/").status_code == 302
    assert town.enters(client) == 403
    assert client.post(DOOR + "give-up/").status_code == 409
    assert "Claim again" in client.get(DOOR).text


def test_the_four_steps_ask_one_thing_each_and_carry_on_what_was_said(town: Town) -> None:
    one = doctor(1, "Ama", "Osei")
    town.doctors = [one]
    town.import_all()
    _person, client = town.enter("Ama Osei")
    assert "First name" in client.get(CLAIM).text
    said = {"given": "Ama", "family": "Osei"}
    second = client.post(CLAIM, {**said, "step": "2"}).text
    assert "Your number in the register" in second
    assert 'value="Ama"' in second
    said |= {"register": "us-nppes", "number": one.number[:9]}
    assert "this one has 9" in client.post(CLAIM, {**said, "step": "3"}).text
    said["number"] = one.number
    assert "State of your licence" in client.post(CLAIM, {**said, "step": "3"}).text
    assert "last name" not in client.post(CLAIM, {"step": "x"}).text
    said |= {"jurisdiction": "ny", "licence": one.licence}
    assert "Compare with the registers" in client.post(CLAIM, {**said, "step": "4"}).text
    assert client.post(CLAIM, {**said, "step": "4", "send": "1"}).status_code == 302


def test_ones_verification_is_found_without_knowing_the_programme(town: Town) -> None:
    _person, client = town.enter("Ama Osei")
    assert client.get("/accounts/verification/").headers["Location"] == DOOR
    _leader, other = town.enter("Lee Leader", "leader")  # type: ignore[arg-type]  # a role by its name
    assert other.get("/accounts/verification/").status_code == 404


def test_another_countrys_register_needs_no_american_licence(town: Town) -> None:
    from confrere.people.registers.mapped import mapping

    text = """
register = "ca-on-cpso"
kind = "physicians"
[columns]
number = "No"
family = "Last"
given = "First"
status = "Status"
[status]
active = ["Active"]
[fields]
column = "Field"
"""
    path = town.folder / "cpso.csv"
    path.write_text("No,Last,First,Status,Field\n54321,Tremblay,Élise,Active,Cardiology\n77,Roy,Jo,Active,\n", "utf-8")
    day = (town.now - timedelta(days=1)).date()
    actions.import_file(path=path, register=mapping(text), as_of=day, now=town.now, actor=SYSTEM)
    _person, client = town.enter("Élise Tremblay")
    said = {
        "given": "Elise",
        "family": "Tremblay",
        "register": "ca-on-cpso",
        "number": "54321",
        "step": "4",
        "send": "1",
    }
    assert client.post(CLAIM, said).status_code == 302
    assert Claim.objects.get().specialty == "cardiology"
    _other, second = town.enter("Jo Roy")
    said |= {"given": "Jo", "family": "Roy", "number": "77"}
    assert "Choose your field" in second.post(CLAIM, said).text
    assert second.post(CLAIM, said | {"specialty": "urology"}).status_code == 302


def test_whoever_is_verified_keeps_their_name(town: Town, osei: int, refused: Callable[..., str]) -> None:
    as_before = {"person": osei, "zone": "UTC", "quiet_from": None, "quiet_until": None, "now": town.now}
    assert "as Ama Osei" in refused(lambda: actions.change_account(name="José García", **as_before))  # type: ignore[arg-type]  # a table
    actions.change_account(name="Ama B. Osei", **as_before)  # type: ignore[arg-type]  # a table
    actions.give_up(person=osei, now=timezone.now())
    actions.change_account(name="Anybody Else", **as_before)  # type: ignore[arg-type]  # a table


def test_what_could_not_be_asked_closes_no_door_by_itself(town: Town, osei: int) -> None:
    from confrere.people.models import RegisterFile

    RegisterFile.objects.filter(kind="licences").delete()
    assert actions.recheck(now=timezone.now()) == {"bound": 1}
    assert town.enters(town.client(osei)) == 200
    assert str(Claim.objects.get()) == "claim bound"

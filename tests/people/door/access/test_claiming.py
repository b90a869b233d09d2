"""What a claim asks, and when it is refused before anything is kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.people.door.conftest import CLAIM, DOOR, SYSTEM, Town, doctor

from confrere.people import actions
from confrere.people.models import Claim, RegisterFile
from confrere.people.registers.reading import recognised
from confrere.people.rules.claims import Said, Unfit


class TestWithoutFiles:
    def test_nobody_can_be_checked(self, town: Town, refused: Callable[..., str]) -> None:
        _person, client = town.enter("Ama Osei")
        assert "No register is here yet" in client.get(CLAIM).text
        said = Said(register="us-nppes", number="1234567893", given="Ama", family="Osei")
        me = town.standing(_person)
        assert "No register has been imported" in refused(lambda: actions.claim(standing=me, said=said, now=town.now))

    def test_nor_without_the_list_of_exclusions_or_by_old_files(self, town: Town, refused: Callable[..., str]) -> None:
        from confrere.people.models import Exclusion

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


def test_another_agencys_exclusion_counts_and_an_old_file_of_them_closes_the_door(town: Town) -> None:
    one, two = doctor(1, "Ama", "Osei"), doctor(2, "José", "García")
    town.doctors = [one, two]
    town.import_all()
    path = town.folder / "sam.csv"
    path.write_text(f"Classification,Last,First,NPI,Excluding Agency\nIndividual,Osei,Ama,{one.number},DOJ\n", "utf-8")
    day = town.now.date() - timedelta(days=1)
    actions.import_file(path=path, register=recognised(path), as_of=day, now=town.now, actor=SYSTEM)
    assert "federal list of excluded persons" in town.enter("Ama Osei")[1].post(CLAIM, one.said()).text
    _person, client = town.enter("José García")
    RegisterFile.objects.filter(register="us-sam").update(as_of=day - timedelta(days=40))
    assert "more than 30 days old" in client.post(CLAIM, two.said()).text
    RegisterFile.objects.filter(register="us-sam").update(as_of=day)
    assert client.post(CLAIM, two.said()).status_code == 302


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


def test_whoever_claims_other_numbers_to_close_doors_gets_to_two(town: Town) -> None:
    numbers = [doctor(number, "Ama", "Osei") for number in range(1, 5)]
    town.doctors = numbers
    town.import_all()
    person, client = town.enter("Ama Osei")
    for one in numbers[:2]:
        assert client.post(CLAIM, one.said()).status_code == 302
        assert client.post(DOOR + "give-up/").status_code == 302
    answer = client.post(CLAIM, numbers[2].said())
    assert (answer.status_code, "two other numbers" in answer.text) == (429, True)
    assert client.post(CLAIM, numbers[1].said()).status_code == 302
    actions.give_up(person=person, now=timezone.now())
    Claim.objects.update(opened_at=town.now - timedelta(days=91))
    assert client.post(CLAIM, numbers[2].said()).status_code == 302

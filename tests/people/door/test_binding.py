"""Four ways to show that it is you, and what each refuses."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.people.door.conftest import CLAIM, DOOR, SYSTEM, TRAINEE, Doctor, Town, doctor, table

from confrere.people import actions
from confrere.people.actions import badges
from confrere.people.models import BindingLink, Claim, Decision, Look, Picture, Programme, Rostered, Vouch
from confrere.people.queries import door as doors
from confrere.people.roles import Role
from confrere.vault import keys
from confrere.vault.erasers import registered

OSEI, GARCIA, LI, MENSAH = (
    doctor(1, "Ama", "Osei"),
    doctor(2, "José", "García"),
    doctor(3, "Wei", "Li"),
    doctor(4, "Kofi", "Mensah"),
)


def picture(size: tuple[int, int] = (40, 30)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    out.seek(0)
    out.name = "x.png"
    return out


def claimed(town: Town, someone: Doctor, **said: str) -> tuple[int, Client]:
    person, client = town.enter(f"{someone.given} {someone.family}")
    answer = client.post(CLAIM, someone.said(**said))
    assert answer.status_code == 302, answer.text
    return person, client


def link_of(client: Client) -> str:
    assert client.post(DOOR + "colleagues/").status_code == 302
    found = re.search(r"http://localhost(/p/peers/door/vouch/[^<]+)<", client.get(DOOR).text)
    assert found
    return found[1]


@pytest.fixture
def registers(town: Town) -> Town:
    town.doctors = [OSEI, GARCIA, LI, MENSAH]
    town.import_all()
    return town


class TestRoster:
    def test_the_answer_is_the_same_whether_one_is_listed(self, registers: Town) -> None:
        town = registers
        town.roster(GARCIA)
        _person, listed = claimed(town, GARCIA)
        _other, unlisted = claimed(town, OSEI)
        pages = []
        for client in (listed, unlisted):
            assert client.post(DOOR + "list/ask/").status_code == 302
            pages.append(client.get(DOOR).text)
        assert "is on its way there" in pages[0]
        assert "is on its way there" in pages[1]
        assert BindingLink.objects.count() == 1

    def test_a_link_counts_once_for_its_own_person_and_for_a_day(self, registers: Town) -> None:
        town = registers
        town.roster(OSEI, GARCIA)
        person, client = claimed(town, OSEI)
        _thief, thief = claimed(town, GARCIA)
        client.post(DOOR + "list/ask/")
        letter = town.letter(f"npi{OSEI.number}@hospital.example")
        path = "/p/peers" + letter.split("/p/peers")[1].split()[0]
        assert thief.post(path).status_code == 404
        BindingLink.objects.update(until=timezone.now())
        assert client.post(path).status_code == 404
        assert town.follow_link(person) == 302
        assert client.post(path).status_code == 404
        assert client.post(DOOR + "list/ask/").status_code == 409
        assert "verified already" in client.post(DOOR + "list/ask/").text

    def test_without_a_claim_there_is_nothing_to_bind(self, registers: Town) -> None:
        _person, client = registers.enter("Nobody Yet")
        assert "Say first" in client.post(DOOR + "list/ask/").text

    def test_a_name_without_a_number_counts_where_only_one_has_it(self, registers: Town) -> None:
        town = registers
        _person, _client = claimed(town, OSEI)
        keeper = town.standing(town.person("Keeper", Role.COORDINATOR))
        for names, many in ((["Osei"], 1), (["Osei", "Osei"], 0), (["Other"], 0)):
            rows = [[f"{number}@h.example", name, "Ama", ""] for number, name in enumerate(names)]
            text = table(["E-Mail", "Surname", "Given name", "NPI"], rows)
            actions.upload_roster(standing=keeper, text="\ufeff" + text + "\n,,\n", now=town.now)
            assert len(doors.rostered(Claim.objects.get())) == many
        assert str(Rostered()) == "rostered"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a,b\n1,2\n", "must name the columns"),
            ("email,last name\nnobody,Osei\n", "Line 2 has no e-mail"),
            ("email,last name\n", "nobody on this list"),
            ('email,last name\n"' + "a" * 200_000 + "\n", "not a table"),
            ("x" * 2_000_001, "two million"),
            ("", "must name the columns"),
        ],
    )
    def test_each_wrong_list_has_a_sentence(
        self, registers: Town, refused: Callable[..., str], text: str, words: str
    ) -> None:
        keeper = registers.standing(registers.person("Keeper", Role.COORDINATOR))
        assert words in refused(lambda: actions.upload_roster(standing=keeper, text=text, now=registers.now))

    def test_a_coordinator_uploads_it_on_a_page(self, registers: Town) -> None:
        _person, client = registers.enter("Keeper", Role.COORDINATOR)
        assert "0 physicians are listed" in client.get(DOOR + "roster/").text
        assert client.post(DOOR + "roster/").status_code == 422
        file = io.BytesIO(b"email,last name\nosei@h.example,Osei\n")
        file.name = "list.csv"
        assert client.post(DOOR + "roster/", {"file": file}).status_code == 302
        page = client.get(DOOR + "roster/").text
        assert "1 physician is listed" in page
        assert "us-nppes" in page

    def test_a_list_goes_when_its_programme_is_long_over(self, registers: Town) -> None:
        registers.roster(OSEI)
        Programme.objects.update(ends_on=(registers.now - timedelta(days=60)).date())
        eraser = registered()["roster"]
        assert eraser(now=registers.now, held=frozenset({registers.programme})) == 0
        assert eraser(now=registers.now, held=frozenset()) == 1


class TestVouchers:
    def test_two_settled_colleagues_open_the_door(self, registers: Town, moderators: tuple[int, int]) -> None:
        town = registers
        first, second = town.bound(GARCIA, days=40), town.bound(LI, days=31)
        _person, client = claimed(town, OSEI)
        link = link_of(client)
        for number, colleague in enumerate((first, second), start=1):
            page = town.client(colleague)
            assert "Ama Osei" in page.get(link).text
            assert "Thank you" in page.post(link).text
            assert town.enters(client) == (200 if number == 2 else 403)
        claim = Claim.objects.get(binding="vouchers")
        evidence = Decision.objects.get(claim=claim, why="vouchers").evidence
        assert (evidence["first"], evidence["second"]) == (first, second)
        queue = town.client(moderators[0]).get(DOOR + "queue/").text
        assert "José García for Ama Osei" in queue
        assert "Wei Li for Ama Osei" in queue
        assert "does not wait" in town.client(first).get(link).text

    def test_each_who_may_not_reads_why(self, registers: Town) -> None:
        town = registers
        _person, client = claimed(town, OSEI)
        link = link_of(client)

        def told(voucher: int) -> str:
            return town.client(voucher).post(link).text

        assert "your own claim" in client.get(link).text
        assert "you are none at the moment" in told(town.person("No Body"))
        fresh = town.bound(GARCIA, days=29)
        assert "for thirty days" in told(fresh)
        Claim.objects.filter(user=fresh).update(member_since=town.now - timedelta(days=31))
        site = actions.create_site(slug="far", name="Far", zone="UTC", now=town.now, actor=SYSTEM)
        Claim.objects.filter(user=fresh).update(site=site, specialty="urology")
        assert "same institution or the same specialty" in told(fresh)
        Claim.objects.filter(user=fresh).update(specialty="cardiology")
        assert "Thank you" in told(fresh)
        assert "already" in told(fresh)
        Vouch.objects.all().delete()
        for _number in range(5):
            _word(town, fresh)
        assert "five times" in told(fresh)

    def test_rings_are_refused(self, registers: Town) -> None:
        town = registers
        first, second = town.bound(GARCIA, days=40), town.bound(LI, days=40)
        mine, client = claimed(town, OSEI)
        link = link_of(client)
        Vouch.objects.create(claim=Claim.objects.get(user=first), voucher_id=mine, at=town.now)
        assert "rests on this person" in town.client(first).post(link).text
        Vouch.objects.all().delete()
        assert "Thank you" in town.client(first).post(link).text
        Vouch.objects.create(claim=Claim.objects.get(user=second), voucher_id=first, at=town.now)
        assert "rests on the other" in town.client(second).post(link).text
        Vouch.objects.filter(voucher=first, claim__user=second).delete()
        elder = town.bound(MENSAH, days=90)
        for rests in (first, second):
            Vouch.objects.create(claim=Claim.objects.get(user=rests), voucher_id=elder, at=town.now)
        assert "must have come otherwise" in town.client(second).post(link).text
        assert town.enters(client) == 403

    def test_a_new_link_ends_the_one_before(self, registers: Town) -> None:
        _person, client = claimed(registers, OSEI)
        old, new = link_of(client), link_of(client)
        first = registers.client(registers.bound(GARCIA, days=40))
        assert first.get(old).status_code == 404
        assert first.get(new).status_code == 200


def _word(town: Town, voucher: int) -> None:
    """A word given long ago by hand, for somebody who has gone since."""
    number = Claim.objects.count()
    gone = Claim.objects.create(
        programme_id=town.programme,
        site_id=Claim.objects.earliest("pk").site_id,
        user_id=town.person(f"Gone {number}"),
        register="us-nppes",
        number=str(number),
        family="Gone",
        trainee=False,
        specialty="cardiology",
        state="gone",
        opened_at=town.now,
        data_of=town.now.date(),
    )
    Vouch.objects.create(claim=gone, voucher_id=voucher, at=town.now)


class TestBadge:
    def send(self, client: Client) -> None:
        answer = client.post(DOOR + "badge/", {"badge": picture((3000, 2000)), "face": picture()})
        assert answer.status_code == 302, answer.text

    def test_two_moderators_look_and_the_pictures_go(self, registers: Town, moderators: tuple[int, int]) -> None:
        town = registers
        _person, client = claimed(town, OSEI)
        self.send(client)
        claim = Claim.objects.get()
        assert keys.store().exists(f"badge-{claim.pk}")
        assert b"JFIF" not in bytes(Picture.objects.get(of="badge").sealed)
        first, second = (town.client(moderator) for moderator in moderators)
        assert "1 claim waits for you" in first.get("/p/peers/").text
        assert "Ama Osei" in first.get(DOOR + "queue/").text
        path = f"{DOOR}queue/{claim.pk}/"
        assert "Badge and face" in first.get(path).text
        seen = first.get(path + "badge.jpg")
        assert seen.headers["Content-Type"] == "image/jpeg"
        assert "no-store" in seen.headers["Cache-Control"]
        assert max(Image.open(io.BytesIO(seen.content)).size) == 1600
        assert first.post(path, {"act": "perhaps"}).status_code == 422
        assert first.post(path, {"act": "yes"}).status_code == 302
        assert first.post(path, {"act": "yes"}).status_code == 302
        assert town.enters(client) == 403
        assert "this is the physician" in second.get(path).text
        assert second.post(path, {"act": "yes"}).status_code == 302
        assert town.enters(client) == 200
        assert not Picture.objects.exists()
        assert not keys.store().exists(f"badge-{claim.pk}")
        assert first.get(path + "badge.jpg").status_code == 404
        assert first.post(path, {"act": "yes"}).status_code == 409
        evidence = Decision.objects.get(why="badge").evidence
        assert [evidence["first"], evidence["second"]] == list(moderators)

    def test_pictures_sent_again_begin_anew_and_are_gone_after_72_hours(
        self, registers: Town, moderators: tuple[int, int]
    ) -> None:
        town = registers
        _person, client = claimed(town, OSEI)
        self.send(client)
        claim = Claim.objects.get()
        town.client(moderators[0]).post(f"{DOOR}queue/{claim.pk}/", {"act": "yes"})
        self.send(client)
        assert not Look.objects.exists()
        assert actions.end_pictures(now=timezone.now() + timedelta(hours=70)) == 0
        assert actions.end_pictures(now=timezone.now() + timedelta(hours=72)) == 2
        badges.erase_pictures()
        assert not Picture.objects.exists()
        assert not keys.store().exists(f"badge-{claim.pk}")

    def test_giving_up_destroys_them(self, registers: Town) -> None:
        _person, client = claimed(registers, OSEI)
        self.send(client)
        assert client.post(DOOR + "give-up/").status_code == 302
        assert not Picture.objects.exists()
        assert "gave this claim up" in client.get(DOOR).text

    @pytest.mark.parametrize(
        ("data", "words"),
        [(b"<svg onload=alert(1)>", "no picture"), (b"GIF89a", "no picture"), (b"", "empty")],
    )
    def test_what_is_no_picture_is_refused(self, registers: Town, data: bytes, words: str) -> None:
        _person, client = claimed(registers, OSEI)
        file = io.BytesIO(data)
        file.name = "x.png"
        answer = client.post(DOOR + "badge/", {"badge": file, "face": picture()})
        assert answer.status_code == 422
        assert words in answer.text

    def test_nobody_looks_at_their_own_nor_where_they_gave_their_word(
        self, registers: Town, moderators: tuple[int, int]
    ) -> None:
        town = registers
        own = town.bound(GARCIA, days=40, role=Role.MODERATOR)
        _person, client = claimed(town, OSEI)
        self.send(client)
        claim = Claim.objects.get(user__name="Ama Osei")
        link = link_of(client)
        moderator = town.client(own)
        assert "Thank you" in moderator.post(link).text
        path = f"{DOOR}queue/{claim.pk}/"
        assert moderator.get(path + "face.jpg").status_code == 403
        assert "gave your word" in moderator.post(path, {"act": "yes"}).text
        assert "others decide" in moderator.get(path).text
        assert (
            "your own claim" in moderator.post(f"{DOOR}queue/{Claim.objects.get(user=own).pk}/", {"act": "hold"}).text
        )
        assert moderator.get(f"{DOOR}queue/99999/").status_code == 404


class TestTrainees:
    RESIDENT = doctor(9, "Noor", "Haddad", code=TRAINEE, licence="")

    def test_only_their_institution_binds_them(self, town: Town, moderators: tuple[int, int]) -> None:
        town.doctors = [self.RESIDENT, GARCIA]
        town.import_all()
        person, client = town.enter("Noor Haddad")
        assert "Choose your field" in client.post(CLAIM, self.RESIDENT.said()).text
        assert client.post(CLAIM, self.RESIDENT.said(specialty="pediatrics")).status_code == 302
        page = client.get(DOOR).text
        assert "only your institution" in page
        assert "Badge and face" not in page
        for path, data in (("colleagues/", {}), ("badge/", {"badge": picture(), "face": picture()})):
            assert "by their institution only" in client.post(DOOR + path, data).text
        town.roster(self.RESIDENT, GARCIA)
        assert town.follow_link(person) == 302
        assert town.enters(client) == 200
        assert Claim.objects.get(user=person).specialty == "pediatrics"

    def test_a_voucher_reads_so_too(self, town: Town) -> None:
        town.doctors = [self.RESIDENT, GARCIA]
        town.import_all()
        voucher = town.bound(GARCIA, days=40)
        _person, client = claimed(town, self.RESIDENT, specialty="pediatrics")
        Claim.objects.filter(trainee=True).update(trainee=False)
        link = link_of(client)
        Claim.objects.filter(specialty="pediatrics").update(trainee=True)
        assert "nobody needs to give their word" in town.client(voucher).post(link).text


def test_evidence_is_written_as_names_and_numbers(registers: Town) -> None:
    registers.bound(GARCIA)
    for row in Decision.objects.all():
        assert "@" not in json.dumps(row.evidence)
        assert str(row)

"""A hospital with registers on file, two moderators, and a way in and out for made-up physicians."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from confrere.people import actions, queries, sessions
from confrere.people.models import Claim, User
from confrere.people.queries import Standing
from confrere.people.registers.mapped import MappedRegister, mapping
from confrere.people.registers.npi import check_digit
from confrere.people.registers.united_states import Leie, Nppes
from confrere.people.roles import Role
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

SYSTEM = Actor.system("test")
DOOR, CLAIM = "/p/peers/door/", "/p/peers/door/claim/"
MAPPING = """
register = "ny-licences"
kind = "licences"
jurisdiction = "NY"
[columns]
number = "License No"
family = "Last"
given = "First"
status = "Status"
expires = "Expires"
[status]
active = ["Registered"]
expired = ["Not registered"]
revoked = ["Revoked", "Suspended"]
"""
CARDIOLOGY, NURSE, TRAINEE = "207RC0000X", "363LF0000X", "390200000X"


def npi(number: int) -> str:
    """The valid NPI number so many."""
    nine = f"1{number:08d}"
    return nine + check_digit(nine)


@dataclass
class Doctor:
    """Somebody in the registers: what is public about them."""

    number: str
    given: str
    family: str
    code: str = CARDIOLOGY
    licence: str = ""
    entity: str = "1"
    deactivated: str = ""
    other: str = ""
    status: str = "Registered"
    expires: str = "12/31/2099"
    listed: str = ""  # another name in the file of licences

    def said(self, **other: str) -> dict[str, str]:
        """What they would type."""
        own = {"given": self.given, "family": self.family, "register": "us-nppes", "number": self.number}
        own |= {"jurisdiction": "NY" if self.licence else "", "licence": self.licence, "specialty": ""}
        return {**own, "step": "4", "send": "1", **other}


def doctor(number: int, given: str, family: str, **more: Any) -> Doctor:
    return Doctor(npi(number), given, family, **{"licence": f"{300000 + number}", **more})


def table(head: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()


def nppes(doctors: list[Doctor]) -> str:
    head = ["NPI", "Entity Type Code", "Provider Last Name (Legal Name)", "Provider First Name"]
    head += ["Provider Other Last Name", "Provider Other First Name", "NPI Deactivation Date", "NPI Reactivation Date"]
    head += ["Healthcare Provider Taxonomy Code_1", "Healthcare Provider Primary Taxonomy Switch_1"]
    rows = []
    for one in doctors:
        other = [one.other, one.given if one.other else ""]
        rows.append([one.number, one.entity, one.family, one.given, *other, one.deactivated, "", one.code, "Y"])
    return table(head, rows)


def leie(rows: list[tuple[str, str, str]]) -> str:
    head = ["LASTNAME", "FIRSTNAME", "NPI", "STATE", "EXCLDATE", "REINDATE"]
    return table(
        head, [[last, first, number or "0" * 10, "NY", "20200319", "00000000"] for last, first, number in rows]
    )


def licences(doctors: list[Doctor]) -> str:
    head = ["License No", "Last", "First", "Status", "Expires"]
    rows = [
        [one.licence, one.listed or one.family, one.given, one.status, one.expires] for one in doctors if one.licence
    ]
    return table(head, rows)


def mailbox(name: str) -> str:
    """An address for anybody's name."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in name.lower()).strip("-")


@dataclass
class Town:
    """The hospital: its programme, its people, and its files."""

    now: datetime
    folder: Path
    programme: int
    doctors: list[Doctor] = field(default_factory=list)
    excluded: list[tuple[str, str, str]] = field(default_factory=list)
    files: int = 0

    def import_all(self, *, as_of: date | None = None, now: datetime | None = None) -> None:
        """New files of all three registers, as the doctors and the excluded are now."""
        now = now or self.now
        day = as_of or (now - timedelta(days=3)).date()
        nobody = doctor(99_999_999, "Nobody", "Atall")
        ny: MappedRegister = mapping(MAPPING)
        for register, text in (
            (Nppes(whole=True), nppes([*self.doctors, nobody])),
            (Leie(), leie([*self.excluded, ("NOBODY", "ATALL", "")])),
            (ny, licences([*self.doctors, nobody])),
        ):
            self.files += 1
            path = self.folder / f"{self.files}.csv"
            path.write_text(text, "utf-8")
            actions.import_file(path=path, register=register, as_of=day, now=now, actor=SYSTEM)

    def person(self, name: str, *roles: Role) -> int:
        return self.person_at(mailbox(name), name, *roles)

    def person_at(self, box: str, name: str, *roles: Role) -> int:
        email = f"{box}@mail.example"
        person = actions.create_account(email=email, name=name, zone="UTC", now=self.now)
        for role in roles or (Role.PARTICIPANT,):
            actions.grant_role(person=person, programme=self.programme, role=role, now=self.now, actor=SYSTEM)
        return person

    def standing(self, person: int) -> Standing:
        found = queries.standing(person=person, programme="peers", now=timezone.now())
        assert found is not None
        return found

    def client(self, person: int) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=person))
        session = client.session
        session[sessions.BY_CODE] = False
        session.save()
        return client

    def enter(self, name: str, *roles: Role) -> tuple[int, Client]:
        person = self.person(name, *roles)
        return person, self.client(person)

    def bound(self, someone: Doctor, *, name: str = "", days: int = 0, role: Role = Role.PARTICIPANT) -> int:
        """A member, let in by the institution's list so many days ago."""
        person = self.person(name or f"{someone.given} {someone.family}", role)
        self.roster(someone)
        answer = self.client(person).post(CLAIM, someone.said())
        assert answer.status_code == 302, answer.text
        self.follow_link(person)
        then = timezone.now() - timedelta(days=days, minutes=1)
        Claim.objects.filter(user=person).update(member_since=then)
        return person

    def roster(self, *doctors: Doctor) -> None:
        """The institution's list, with these on it."""
        lines = [[f"npi{one.number}@hospital.example", one.family, one.given, one.number] for one in doctors]
        keeper = self.person("List Keeper", Role.COORDINATOR)
        text = table(["email", "last name", "first name", "npi"], lines)
        actions.upload_roster(standing=self.standing(keeper), text=text, now=timezone.now())

    def letter(self, to: str) -> str:
        """The newest letter to an address."""
        from confrere.post.models import Letter

        found = Letter.objects.filter(to=to).order_by("-pk").first()
        return found.body if found else ""

    def follow_link(self, person: int) -> int:
        """Ask for the link, read it in the mailbox on the list, follow it; the answer's status."""
        from confrere.post.models import Letter

        client = self.client(person)
        assert client.post(DOOR + "list/ask/").status_code == 302
        link = (
            Letter.objects.filter(body__contains="/door/bind/").order_by("-pk").values_list("body", flat=True).first()
        )
        assert link is not None
        path = "/p/peers" + link.split("/p/peers")[1].split()[0]
        assert client.get(path).status_code == 200
        return client.post(path).status_code

    def enters(self, client: Client) -> int:
        return client.get("/p/peers/lounge/").status_code


@pytest.fixture
def town(db: None, tmp_path: Path, settings: Any) -> Town:
    settings.KEYS = tmp_path / "keys"
    from confrere.vault import keys

    keys.create_standing_keys(keys.store())
    now = timezone.now()
    site = actions.create_site(slug="general", name="General Hospital", zone="UTC", now=now, actor=SYSTEM)
    programme = actions.create_programme(site=site, slug="peers", name="Peers", zone="UTC", now=now, actor=SYSTEM)
    return Town(now=now, folder=tmp_path, programme=programme)


@pytest.fixture
def moderators(town: Town) -> tuple[int, int]:
    return town.person("First Moderator", Role.MODERATOR), town.person("Second Moderator", Role.MODERATOR)


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], str]:
    """The sentence with which something is refused."""

    def sentence(verb: Callable[[], object]) -> str:
        with pytest.raises(Refusal) as no:
            verb()
        return no.value.sentence

    return sentence

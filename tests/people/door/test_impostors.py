"""Impostors with everything that is public about a physician: name, number, licence, address. None gets in.

Seventeen of each kind come through the pages, each with an account of their own, and at the end try the lounge.
Kinds that fail by what they typed each read a sentence of their own. Kinds that typed everything right read the same
words as any physician who has shown nothing yet: otherwise the page would tell who is a member.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from django.test import Client
from PIL import Image
from tests.people.door.conftest import CLAIM, DOOR, NURSE, TRAINEE, Doctor, Town, doctor, npi

from confrere.people.models import Claim, Credential, User
from confrere.people.registers.npi import check_digit

EACH = 17
GIVEN = ("Ama", "José", "Li", "Fatima", "Olga")
FAMILY = ("Osei", "García Márquez", "Nguyễn", "van der Berg", "Müller")
OPEN = "Your entry in the register is found"
OTHERS = 500_000  # numbers of physicians who are not victims


@dataclass(frozen=True)
class Attempt:
    """One impostor: the victim's public data, and a browser that is signed in under the victim's name."""

    town: Town
    victim: Doctor
    number: int
    client: Client
    person: int

    def says(self, **other: str) -> str:
        return self.client.post(CLAIM, self.victim.said(**other)).text

    def claims(self) -> None:
        assert self.client.post(CLAIM, self.victim.said()).status_code == 302

    def looks(self) -> str:
        return self.client.get(DOOR).text


type Kind = Callable[[Attempt], str]


def someone(number: int) -> Doctor:
    return doctor(number, GIVEN[number % 5], FAMILY[number // 5 % 5])


def picture(colour: str) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    out.seek(0)
    out.name = "badge.png"
    return out


def wrong_digit(attempt: Attempt) -> str:
    number = attempt.victim.number
    return attempt.says(number=number[:-1] + str((int(number[-1]) + 1 + attempt.number % 9) % 10))


def other_first_digit(attempt: Attempt) -> str:
    nine = f"{3 + attempt.number % 7}{attempt.victim.number[1:9]}"
    return attempt.says(number=nine + check_digit(nine))


def guessed_link(attempt: Attempt) -> str:
    attempt.claims()
    attempt.client.post(DOOR + "list/ask/")
    return attempt.client.post(f"{DOOR}bind/{attempt.victim.number}guess/").text


def friends_word(attempt: Attempt) -> str:
    """A ring: a second fresh account vouches for the first one."""
    attempt.claims()
    attempt.client.post(DOOR + "colleagues/")
    link = attempt.looks().partition("http://localhost")[2].partition("<")[0]
    _friend, client = attempt.town.enter(f"Friend {attempt.number}")
    return client.post(link).text


def forged_badge(attempt: Attempt) -> str:
    attempt.claims()
    sent = {"badge": picture("red"), "face": picture("blue")}
    assert attempt.client.post(DOOR + "badge/", sent).status_code == 302
    claim = Claim.objects.get(user=attempt.person)
    for role in ("first", "second"):
        moderator = User.objects.get(email=f"{role}-moderator@mail.example")
        answer = attempt.town.client(moderator.pk).post(f"{DOOR}queue/{claim.pk}/", {"act": "no"})
        assert answer.status_code == 302
    return attempt.looks()


def trainees_badge(attempt: Attempt) -> str:
    attempt.client.post(CLAIM, attempt.victim.said(specialty="cardiology"))
    return attempt.client.post(DOOR + "badge/", {"badge": picture("red"), "face": picture("blue")}).text


#: Kind → (how the victim stands in the registers, what the impostor does).
TYPED: dict[str, tuple[dict[str, str], Kind]] = {
    "no number": ({}, lambda one: one.says(number="")),
    "nine digits": ({}, lambda one: one.says(number=one.victim.number[:9])),
    "a wrong digit": ({}, wrong_digit),
    "full-width digits": (
        {},
        lambda one: one.says(number=one.victim.number.translate({48 + n: 0xFF10 + n for n in range(10)})),
    ),
    "hyphens": ({}, lambda one: one.says(number=f"{one.victim.number[:3]}-{one.victim.number[3:]}")),
    "a DEA number": ({}, lambda one: one.says(number=f"AB{one.victim.number[:7]}")),
    "another kind of number": ({}, other_first_digit),
    "a number nobody has": ({}, lambda one: one.says(number=npi(80_000_000 + one.number))),
    "an organisation": ({"entity": "2"}, lambda one: one.says()),
    "deactivated": ({"deactivated": "01/02/2024"}, lambda one: one.says()),
    "a nurse": ({"code": NURSE}, lambda one: one.says()),
    "a chiropractor": ({"code": "111N00000X"}, lambda one: one.says()),
    "no profession": ({"code": ""}, lambda one: one.says()),
    "their own name": ({}, lambda one: one.says(given="Mallory", family=f"Impostor{chr(97 + one.number)}")),
    "excluded": ({}, lambda one: one.says()),
    "no licence": ({}, lambda one: one.says(licence="", jurisdiction="")),
    "a state without a file": ({}, lambda one: one.says(jurisdiction="CA")),
    "an unknown licence": ({}, lambda one: one.says(licence=f"X{one.number}99")),
    "another's licence": ({"listed": "Somebody-Else"}, lambda one: one.says()),
    "an expired licence": ({"expires": "01/31/2020"}, lambda one: one.says()),
    "a revoked licence": ({"status": "Revoked"}, lambda one: one.says()),
    "an unreadable licence": ({"status": "Pending review"}, lambda one: one.says()),
    "another account name": ({}, lambda one: one.says()),
    "a guessed link": ({}, guessed_link),
    "a friend's word": ({}, friends_word),
    "a forged badge": ({}, forged_badge),
    "a trainee's number and a badge": ({"code": TRAINEE, "licence": ""}, trainees_badge),
}


def more_fields(attempt: Attempt) -> str:
    """Fields that no form has."""
    said = attempt.victim.said(state="bound", binding="roster", verified="1", trainee="", until="2099-01-01", user="1")
    attempt.client.post(CLAIM, said)
    return attempt.looks()


def members_number(attempt: Attempt) -> str:
    attempt.claims()
    attempt.client.post(DOOR + "list/ask/")
    return attempt.looks()


def only_public(attempt: Attempt) -> str:
    attempt.claims()
    return attempt.looks()


SILENT: dict[str, Kind] = {
    "nothing but public data": only_public,
    "more fields": more_fields,
    "a member's number": members_number,
}


def attempts(town: Town, kind: str, place: int) -> list[Attempt]:
    found = []
    for number in range(EACH):
        victim = someone(1000 * place + number)
        name = f"{victim.given} {victim.family}"
        account = f"Quentin Else{number}" if kind == "another account name" else name
        email = f"impostor{place}x{number}"
        person = town.person_at(email, account)
        found.append(Attempt(town, victim, number, town.client(person), person))
    return found


def people(town: Town) -> None:
    """Every kind's victims in the registers; the members among them inside."""
    for place, (kind, (changes, _does)) in enumerate(TYPED.items(), start=1):
        for number in range(EACH):
            town.doctors.append(replace(someone(1000 * place + number), **changes))
            if kind == "excluded":
                one = town.doctors[-1]
                town.excluded.append((one.family, one.given, one.number))
    for place, _kind in enumerate(SILENT, start=len(TYPED) + 1):
        town.doctors += [someone(1000 * place + number) for number in range(EACH)]
    town.import_all()
    town.roster(*(one for one in town.doctors if one.entity == "1"))


@pytest.mark.slow  # 510 impostors, each with an account and several requests
def test_none_of_them_gets_in(town: Town, moderators: tuple[int, int]) -> None:
    people(town)
    said: dict[str, set[str]] = {}
    for place, (kind, (changes, does)) in enumerate(TYPED.items(), start=1):
        for attempt in attempts(town, kind, place):
            one = replace(attempt, victim=replace(attempt.victim, **changes))
            said.setdefault(kind, set()).add(sentence(does(one)))
            assert town.enters(one.client) == 403, kind
    assert [kind for kind, sentences in said.items() if len(sentences) != 1 or "" in sentences] == []
    assert len(set[str]().union(*said.values())) == len(TYPED) == 27
    members(town)
    for place, (kind, does) in enumerate(SILENT.items(), start=len(TYPED) + 1):
        for attempt in attempts(town, kind, place):
            assert OPEN in does(attempt), kind
            assert town.enters(attempt.client) == 403, kind
    impostors = User.objects.filter(email__startswith="impostor")
    assert impostors.count() == EACH * (len(TYPED) + len(SILENT)) == 510
    assert not Credential.objects.filter(user__in=impostors).exists()


def members(town: Town) -> None:
    """The last kind's victims come in before the impostors try."""
    place = len(TYPED) + len(SILENT)
    for number in range(EACH):
        victim = someone(1000 * place + number)
        person = town.person_at(f"member{number}", f"{victim.given} {victim.family}")
        client = town.client(person)
        assert client.post(CLAIM, victim.said()).status_code == 302
        assert town.follow_link(person) == 302
        assert town.enters(client) == 200


def sentence(page: str) -> str:
    """The words of refusal on a page, without what differs between two of a kind."""
    for mark in (
        "The registers do not carry this</h2><p>",
        "closed to you at the moment</strong><p>",
        'class="lead">',
    ):
        if mark in page:
            return page.partition(mark)[2].partition("</p>")[0]
    found = page.partition('id="id_number_error">')[2].partition("</p>")[0]
    return found or page.partition("<h1>")[2].partition("</main>")[0]

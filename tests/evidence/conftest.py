"""The small trial with sixteen simulated participants who answered twice, and its study team."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.study import DIRECTOR, NOW, Study
from tests.study import PROTOCOL as SMALL

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role

MONTH3 = NOW + timedelta(days=95)
MODIFIED = """[[analysis.sets]]
name = "modified_itt"
title = "Modified intention to treat"
keep = "arm == 'control' or sessions >= 1 or answered_month3 == 1"
"""
#: Room for everyone, one analysis set, and a covariate.
PROTOCOL = (
    SMALL.replace("cap = 6", "cap = 40")
    .replace('df = "not stated"', 'covariates = ["gender"]\ndf = "not stated"')
    .replace(MODIFIED, "")
)


@pytest.fixture
def member(bare: Study) -> Callable[[Role], Standing]:
    """Somebody with one role."""

    def come(role: Role) -> Standing:
        person = people.create_account(email=f"{role}@example.org", name=str(role), zone="UTC", now=NOW)
        people.grant_role(person=person, programme=bare.programme, role=role, now=NOW, actor=DIRECTOR)
        found = standing(person=person, programme=bare.slug, now=MONTH3)
        assert found is not None
        return found

    return come


@pytest.fixture
def statistician(member: Callable[[Role], Standing]) -> Standing:
    return member(Role.STATISTICIAN)


@pytest.fixture
def director(member: Callable[[Role], Standing]) -> Standing:
    return member(Role.DIRECTOR)


@pytest.fixture
def opened(bare: Study) -> Study:
    """The trial is open and nobody has come yet."""
    bare.open(PROTOCOL, test_entropy="evidence tests")
    return bare


@pytest.fixture
def enrol(opened: Study) -> Callable[..., None]:
    """People consent and answer; `month3=None` leaves the second wave unanswered."""

    def come(number: int, *, baseline: float, month3: float | None) -> None:
        study_id = opened.enrol(number, gender=("woman", "man")[number % 2], qol_vas=baseline)
        if month3 is not None:
            again = {"again": "yes"} if opened.arm(study_id) == "coaching" else {}
            opened.answer(study_id, wave="month3", now=MONTH3, qol_vas=month3, **again)

    return come


@pytest.fixture
def answered(enrol: Callable[..., None]) -> None:
    """Sixteen people answered the baseline, fifteen of them month 3."""
    for number in range(16):
        month3 = None if number == 3 else 45 + (7 * number) % 31
        enrol(number, baseline=40 + (5 * number) % 23, month3=month3)


@pytest.fixture
def browse() -> Callable[[Standing], Client]:
    """A browser in which this person is signed in."""

    def signed_in(who: Standing) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=who.person))
        return client

    return signed_in

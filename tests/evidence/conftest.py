"""A trial of sixteen simulated participants who answered twice, and its study team."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.surveys import actions as surveys
from confrere.surveys import queries as asked
from confrere.trial import actions as trial
from confrere.trial import queries as trials
from confrere.vault import link
from confrere.vault.audit import Actor

START = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
MONTH3 = START + timedelta(days=95)
SYSTEM = Actor.system("test")
PROTOCOL = """
[trial]
id = "small"
title = "A small trial"
source = "our tests"
[recruitment]
cap = 40
held_days = 7
[[arms]]
name = "coaching"
title = "Coaching now"
[[arms]]
name = "control"
title = "Coaching later"
control = true
coaching_after = "month3"
[allocation]
scheme = "big-stick"
mti = 2
[[strata]]
name = "gender"
levels = ["woman", "man"]
[sessions]
minutes = [90, 60]
window_days = 91
[[waves]]
name = "baseline"
title = "Baseline"
offset_days = 0
window_days = 28
instruments = ["qol_vas"]
questions = ["gender"]
[[waves]]
name = "month3"
title = "Three months"
offset_days = 91
window_days = 28
instruments = ["qol_vas"]
questions = []
[consent]
document = "small-consent"
version = "1"
[support]
distress = ["In a crisis, call or text 988."]
[analysis]
covariates = ["gender"]
df = "not stated"
[[analysis.sets]]
name = "itt"
title = "Intention to treat"
[[outcomes]]
name = "quality_of_life"
instrument = "qol_vas"
score = "quality_of_life"
role = "primary"
better = "higher"
[[questions]]
name = "gender"
text = "What is your gender?"
[questions.options]
woman = "Woman"
man = "Man"
"""


@pytest.fixture
def programme(db: None) -> int:
    site = people.create_site(slug="general", name="General Hospital", zone="UTC", now=START, actor=SYSTEM)
    return people.create_programme(site=site, slug="peers", name="Peers", zone="UTC", now=START, actor=SYSTEM)


@pytest.fixture
def member(programme: int) -> Callable[[Role], Standing]:
    """Somebody with one role."""

    def come(role: Role) -> Standing:
        person = people.create_account(email=f"{role}@example.org", name=str(role), zone="UTC", now=START)
        people.grant_role(person=person, programme=programme, role=role, now=START, actor=SYSTEM)
        found = standing(person=person, programme="peers", now=MONTH3)
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
def opened(programme: int, director: Standing) -> int:
    """The trial is open and nobody has come yet."""
    trial.draft(programme=programme, site=director.site, protocol=PROTOCOL, actor=SYSTEM, now=START)
    trial.publish_consent_text(programme=programme, text="A test.", meaning="I agree", actor=SYSTEM, now=START)
    trial.lock(programme=programme, actor=SYSTEM, now=START, test_entropy="evidence tests")
    return programme


@pytest.fixture
def enrol(opened: int) -> Callable[..., None]:
    """People consent and answer; `month3=None` leaves the second wave unanswered."""

    def come(number: int, *, baseline: float, month3: float | None) -> None:
        text = trials.consent_text(trials.required(opened))
        assert text is not None
        person = people.create_account(email=f"p{number}@example.org", name=f"P {number}", zone="UTC", now=START)
        trial.consent(
            programme=opened, person=person, version=text.version, sha256=text.sha256, name=f"P {number}", now=START
        )
        study_id = link.study_id(person=person, programme=opened)
        assert study_id is not None
        answers = {
            "baseline": {"gender": ("woman", "man")[number % 2], "qol_vas": baseline},
            "month3": {"qol_vas": month3},
        }
        for wave, now in (("baseline", START), ("month3", MONTH3)):
            if answers[wave]["qol_vas"] is None:
                continue
            [window] = [one for one in asked.windows(programme=opened, study_id=study_id) if one.wave == wave]
            surveys.record_answers(programme=opened, response=window.response, answers=answers[wave], now=now)
            surveys.complete(programme=opened, response=window.response, now=now)

    return come


@pytest.fixture
def answered(enrol: Callable[..., None], opened: int) -> int:
    """Sixteen people answered the baseline, fifteen of them month 3."""
    for number in range(16):
        month3 = None if number == 3 else 45 + (7 * number) % 31
        enrol(number, baseline=40 + (5 * number) % 23, month3=month3)
    return opened


@pytest.fixture
def browse() -> Callable[[Standing], Client]:
    """A browser in which this person is signed in."""

    def signed_in(who: Standing) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=who.person))
        return client

    return signed_in

"""What if: sparse strata and power in sentences, schemes side by side, nothing kept."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.science.allocation import BigStick, Minimisation, PermutedBlocks, Simple
from confrere.trial import actions
from confrere.trial.editing import alternatives, labels, power
from confrere.trial.protocol import load_protocol, shipped_protocol
from confrere.trial.wording import power_in_words, sparse_in_words

PAGE = "/p/peer/trial/protocol/what-if/"


@pytest.fixture
def member(bare: Study) -> Callable[[str], Client]:
    def member(role: str) -> Client:
        person = people.create_account(email=f"{role}@example.org", name=role, zone="UTC", now=timezone.now())
        people.grant_role(person=person, programme=bare.programme, role=role, now=timezone.now(), actor=DIRECTOR)
        client = Client()
        client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return member


def drafted(study: Study, text: str) -> None:
    actions.draft(programme=study.programme, site=study.site, protocol=text, actor=DIRECTOR, now=NOW)


def test_a_protocol_that_is_not_finished_says_so(member: Callable[[str], Client], bare: Study) -> None:
    client = member("director")
    page = client.get(PAGE)
    assert (page.status_code, "is not finished yet" in page.text) == (409, True)
    actions.save_draft(
        programme=bare.programme, site=bare.site, text="[trial]", after=0, by="", actor=DIRECTOR, now=NOW
    )
    assert client.get(PAGE).status_code == 409


def test_what_is_assumed_at_first(member: Callable[[str], Client], bare: Study) -> None:
    drafted(bare, shipped_protocol("kiser2024"))
    page = member("director").get(PAGE)
    assert 'value="18, 18, 17, 17, 17, 17, 17, 17"' in page.text
    assert "With 138 people, a difference of 0.4 standard deviations would be found in" in page.text
    assert "Sparse strata" not in page.text
    assert "(chosen)" in page.text
    assert "What if?" in member("statistician").get("/p/peer/trial/protocol/").text
    assert member("coordinator").get(PAGE).status_code == 403


def test_what_the_director_assumes(member: Callable[[str], Client], bare: Study) -> None:
    drafted(bare, PROTOCOL)
    client = member("director")
    asked = {"sizes": "5, 0, 20", "effect": "0", "correlation": "0.5", "dropout": "0.1"}
    page = client.get(PAGE, asked)
    assert "1 of 2 strata hold fewer than 6 people" in page.text
    for wrong in ({"sizes": "0"}, {"sizes": "2001"}, {"sizes": "x"}, {"correlation": "1"}):
        assert client.get(PAGE, asked | wrong).status_code == 422


def test_a_slice_of_simulated_lists(member: Callable[[str], Client], bare: Study) -> None:
    drafted(bare, PROTOCOL)
    client = member("director")
    first = client.get(PAGE + "0/", {"sizes": "4,4", "slice": "0"}).json()
    assert (first["lists"], 0.5 <= first["guessed"] <= 1) == (20, True)
    assert client.get(PAGE + "0/", {"sizes": "4,4", "slice": "0"}).json() == first
    assert client.get(PAGE + "6/", {"sizes": "4,4", "slice": "24"}).json()["guessed"] == 0.5  # simple
    for number, asked in ((7, {"sizes": "4", "slice": "0"}), (0, {"slice": "0"}), (0, {"sizes": "4", "slice": "100"})):
        assert client.get(f"{PAGE}{number}/", asked).status_code == 404


def test_alternatives_never_name_the_chosen_twice() -> None:
    assert alternatives(BigStick(3))[0] == BigStick(3)
    assert len(alternatives(BigStick(3))) == 6
    assert len(alternatives(BigStick(2))) == 7


def test_minimisation_takes_its_factors_from_the_strata(member: Callable[[str], Client], bare: Study) -> None:
    text = PROTOCOL.replace('"big-stick"\nmti = 2', '"minimisation"\nprobability = 0.9\nmeasure = "variance"')
    drafted(bare, text)
    client = member("director")
    page = client.get(PAGE, {"sizes": "5, 0, 20, 3", "effect": "0", "correlation": "0.5", "dropout": "0.1"})
    assert "with a probability of 0.9 (minimisation, by variance)" in page.text
    assert "Sparse strata" not in page.text
    asked = {"sizes": "20, 20, 20, 0", "slice": "0"}
    marginal = client.get(PAGE + "0/", asked).json()
    assert (marginal["certain"], 0.6 < marginal["guessed"] < 0.9) == (0, True)
    alone = client.get(PAGE + "0/", asked | {"sizes": "20, 20, 20"}).json()
    assert alone["guessed"] != marginal["guessed"]
    read = load_protocol(text)
    assert labels(read, [1, 2, 3]) is None
    assert labels(read, [0, 1, 2, 3]) == read.stratum_labels()


def test_sparse_strata_in_words() -> None:
    assert sparse_in_words([8, 8], BigStick(3)) == ""
    assert "up to 3 apart, all of them together up to 4" in sparse_in_words([7, 1], BigStick(3))
    assert "fewer than 8 people" in sparse_in_words([7], PermutedBlocks())
    assert sparse_in_words([1], Simple()) == sparse_in_words([1], Minimisation()) == ""


def test_a_trial_that_cannot_be_analysed_says_so() -> None:
    found = power(load_protocol(PROTOCOL), people=2, effect=0.4, correlation=0.5, dropout=0.1)
    assert power_in_words(found, people=2) == "With 2 people such a trial cannot be analysed."

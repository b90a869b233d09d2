"""The guided steps: they build the shipped protocols, change nothing unasked, and refuse in words."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from tests.study import PROTOCOL, Study
from tests.trial.drafting.drafts import FORM, HOME, newest, save

from confrere.science.allocation import Minimisation
from confrere.trial.editing import STEPS, Step, step_of
from confrere.trial.models import ProtocolVersion
from confrere.trial.protocol import load_protocol, shipped_protocol, write_protocol


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_writing_what_was_read_changes_nothing(name: str) -> None:
    data = tomllib.loads(shipped_protocol(name))
    assert tomllib.loads(write_protocol(data)) == data
    assert load_protocol(write_protocol(data)) == load_protocol(shipped_protocol(name))


def test_strange_texts_survive_the_writer() -> None:
    data: dict[str, Any] = {
        "other": {"a b": '\x7f"\\\n\t\u2028é', "n": [], "t": True, "f": 0.5, "deep": [[1, 2], [{"x": 1}]]},
        "trial": {"id": "x", "long": ["y" * 60, "z" * 60]},
    }
    assert tomllib.loads(write_protocol(data)) == data
    assert write_protocol(data).startswith("[trial]")


def posts(step: Step, table: Mapping[str, Any], data: dict[str, Any]) -> QueryDict:
    """What a browser sends of a step's form that shows this table, filled in by a person."""
    form = step.form(None, table=dict(table), data=data)
    sent = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        shown = bound.field.widget.value_from_datadict  # every widget of ours sends what it shows
        assert callable(shown)
        if isinstance(value, bool):
            if value:
                sent[bound.name] = "on"
        elif isinstance(value, list):
            sent.setlist(bound.name, [str(one) for one in value])
        elif value is not None:
            sent[bound.name] = str(value)
    return sent


def typed(name: str) -> Iterator[tuple[str, QueryDict]]:
    """Every form of a shipped protocol as it is sent, in the order of the steps, with its address."""
    data = tomllib.loads(shipped_protocol(name))
    for step in STEPS:
        if not step.at:
            yield f"{step.slug}/", posts(step, data, data)
        for number, table in enumerate(step.items(data), 1):
            yield f"{step.slug}/{number}/", posts(step, table, data)


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_the_forms_alone_build_the_shipped_protocols(director: Client, bare: Study, name: str) -> None:
    for address, sent in typed(name):
        page = director.post(f"{HOME}parts/{address}", sent.urlencode(), content_type=FORM)
        assert page.status_code == 302, (address, page.text)
    built, shipped = load_protocol(newest(bare)), load_protocol(shipped_protocol(name))
    assert replace(built, sha256="") == replace(shipped, sha256="")


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_forms_that_are_sent_as_they_are_shown_change_nothing(director: Client, bare: Study, name: str) -> None:
    save(bare, shipped_protocol(name))
    for address, sent in typed(name):
        page = director.post(f"{HOME}parts/{address}", sent.urlencode(), content_type=FORM)
        assert page.status_code == 302, (address, page.text)
    assert load_protocol(newest(bare)) == load_protocol(shipped_protocol(name))


def test_every_step_opens_empty_and_full(director: Client, bare: Study) -> None:
    for _round in ("empty", "full"):
        for step in STEPS:
            assert director.get(f"{HOME}parts/{step.slug}/").status_code == 200
            if step.at:
                assert director.get(f"{HOME}parts/{step.slug}/1/").status_code == 200
        if not ProtocolVersion.objects.exists():
            save(bare, shipped_protocol("kiser2024"))
    for nowhere in ("nowhere/", "nowhere/1/", "trial/1/", "arms/0/", "arms/4/"):
        assert director.get(f"{HOME}parts/{nowhere}").status_code == 404


def test_a_table_moves_up_and_goes_away(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    director.post(HOME + "parts/questions/3/", {"act": "up"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "again", "medicine"]
    director.post(HOME + "parts/questions/1/", {"act": "up"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "again", "medicine"]
    director.post(HOME + "parts/questions/2/", {"act": "delete"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "medicine"]


def test_a_form_that_is_wrong_keeps_what_was_typed(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    page = director.post(HOME + "parts/arms/1/", {"name": "Coaching", "title": "Mine", "ratio": "0"})
    assert page.status_code == 422
    assert "A small letter first" in page.text
    assert 'value="Mine"' in page.text
    assert newest(bare) == PROTOCOL


def test_a_step_that_somebody_overtook_is_shown_again(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    save(bare, PROTOCOL.replace("cap = 6", "cap = 8"), after=1, by="Ben")
    sent = {"name": "coaching", "title": "Mine", "ratio": "1", "seen": "1"}
    page = director.post(HOME + "parts/arms/1/", sent)
    assert (page.status_code, "Ben saved version 2" in page.text) == (409, True)
    assert director.post(HOME + "parts/arms/1/", sent | {"seen": "2"}).status_code == 302
    read = load_protocol(newest(bare))
    assert (read.cap, read.arm("coaching").title) == (8, "Mine")  # theirs and mine
    single = {"consent__document": "x", "consent__version": "2", "seen": "1"}
    assert director.post(HOME + "parts/consent/", single).status_code == 409


@pytest.mark.parametrize(
    ("address", "sent", "sentence"),
    [
        ("waves/1/", {"instruments": "pfy"}, "pfy is not known. Did you mean pfi?"),
        ("waves/1/", {"questions": "gendr"}, "gendr is not known. Did you mean gender?"),
        ("waves/1/", {"reminders": "7, soon"}, "Whole numbers are expected here"),
        ("questions/1/", {"options": "only = One"}, "Two or more answers are needed."),
        ("questions/1/", {"options": "a = A\na = B"}, "Two answers have the code a."),
        (
            "draw/",
            {"allocation__scheme": "permuted-blocks", "allocation__mode": "rolling"},
            "Say the sizes of the blocks",
        ),
        (
            "draw/",
            {"allocation__scheme": "minimisation", "allocation__mode": "batch"},
            "Minimisation draws one person after the other.",
        ),
        ("draw/", {"strata": "gendr"}, "gendr is no question with one answer. Did you mean gender?"),
        ("board/", {"irb__approved": "soon"}, "Enter a valid date."),
    ],
)
def test_what_a_form_refuses(director: Client, bare: Study, address: str, sent: dict[str, str], sentence: str) -> None:
    save(bare, PROTOCOL)
    page = director.post(f"{HOME}parts/{address}", sent)
    assert (page.status_code, sentence in page.text) == (422, True)


def test_what_a_form_refuses_when_nothing_is_there_yet(director: Client, bare: Study) -> None:
    assert "There is none yet." in director.post(HOME + "parts/waves/1/", {"questions": "gender"}).text
    assert "There is none yet." in director.post(HOME + "parts/draw/", {"strata": "gender"}).text


def test_answers_get_a_code_and_numbers_stay_whole(director: Client, bare: Study) -> None:
    sent = {"name": "again", "text": "Again?", "kind": "choice", "options": "Very good!\n\nno = No\n…"}
    assert director.post(HOME + "parts/questions/1/", sent).status_code == 302
    sent = {"name": "years", "text": "Years?", "kind": "number", "low": "0", "high": "70.5", "required": "on"}
    assert director.post(HOME + "parts/questions/2/", sent).status_code == 302
    first, second = tomllib.loads(newest(bare))["questions"]
    assert first["options"] == {"very_good": "Very good!", "no": "No", "_": "…"}
    assert (first["required"], second["low"], second["high"]) == (False, 0, 70.5)


def test_minimisation_is_chosen_in_the_editor(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    address = HOME + "parts/draw/"
    sent = {
        "allocation__scheme": "minimisation",
        "allocation__mode": "rolling",
        "allocation__mti": "2",
        "allocation__probability": "0.9",
        "allocation__measure": "variance",
        "strata": "gender",
    }
    assert director.post(address, sent).status_code == 302
    assert tomllib.loads(newest(bare))["allocation"] == {
        "scheme": "minimisation",
        "probability": 0.9,
        "measure": "variance",
    }
    assert load_protocol(newest(bare)).scheme == Minimisation(90, "variance")
    sent |= {"allocation__probability": "", "allocation__measure": "range"}
    assert director.post(address, sent).status_code == 302
    assert load_protocol(newest(bare)).scheme == Minimisation(80, "range")
    assert director.post(address, sent | {"allocation__probability": "1"}).status_code == 422
    sent |= {"allocation__scheme": "simple", "allocation__probability": "0.7"}
    assert director.post(address, sent).status_code == 302
    assert tomllib.loads(newest(bare))["allocation"] == {"scheme": "simple"}


def test_what_is_emptied_leaves_no_table_behind(director: Client, bare: Study) -> None:
    assert director.post(HOME + "parts/board/", {"irb__number": "7"}).status_code == 302
    assert tomllib.loads(newest(bare)) == {"irb": {"number": "7"}}
    assert director.post(HOME + "parts/board/", {}).status_code == 302
    assert tomllib.loads(newest(bare)) == {}


def test_a_value_where_a_table_belongs_is_replaced(director: Client, bare: Study) -> None:
    save(bare, 'irb = 7\narms = "none"\nquestions = [1]\nsessions = 3\nallocation = 1\nstrata = [1]\nwaves = [1]\n')
    assert director.post(HOME + "parts/board/", {"irb__number": "7"}).status_code == 302
    for step in STEPS:
        assert director.get(f"{HOME}parts/{step.slug}/").status_code == 200


CARRY = HOME + "parts/places/"


def test_how_many_the_coaches_carry(director: Client, bare: Study) -> None:
    assert "Write the arms and the sessions first." in director.get(CARRY).text
    save(bare, shipped_protocol("kiser2024"))
    assert "Coach hours after the wave month3" in director.get(CARRY).text
    page = director.get(CARRY, {"hours_0": "448.5", "hours_1": "461.5"})
    assert "At most 138 places: they need 448.5, 448.5 coach hours." in page.text
    assert "First to run out: coach hours from the draw on." in page.text
    assert "Chance may put up to 12 more into one arm: keep 78 hours in hand." in page.text
    assert "At most" not in director.get(CARRY, {"hours_0": "448.5", "hours_1": "-1"}).text


def test_a_coin_is_told_without_a_lead(director: Client, bare: Study) -> None:
    save(bare, shipped_protocol("kiser2024").replace('"big-stick"\nmti = 3', '"simple"'))
    page = director.get(CARRY, {"hours_0": "448.5", "hours_1": "461.5"})
    assert "At most 138 places" in page.text
    assert "Chance may put" not in page.text


def test_an_instrument_that_nobody_knows_measures_nothing(director: Client, bare: Study) -> None:
    save(bare, '[[waves]]\ninstruments = ["nothing", "qol_vas"]\n')
    page = director.get(HOME + "parts/outcomes/1/")
    assert 'value="qol_vas|quality_of_life||continuous"' in page.text
    assert "nothing|" not in page.text


def test_step_of_knows_only_steps() -> None:
    assert step_of("trial") is STEPS[0]
    assert step_of("nowhere") is None

"""What runs in a Django process of its own."""

import io
import json
import sys
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest
from django.utils import timezone

from confrere.vault import keys
from confrere.web.boot import inside


@pytest.mark.django_db
def test_a_verb_reads_json_and_writes_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given = json.dumps({"name": "Mercy", "operator": "you@mercy.org", "zone": "UTC"})
    monkeypatch.setattr(sys, "stdin", io.StringIO(given))
    inside.main("found")
    answer = json.loads(capsys.readouterr().out)
    assert answer["path"].startswith("/welcome/")
    assert [key["name"] for key in answer["keys"]] == list(keys.STANDING)


@pytest.mark.django_db
def test_a_refusal_comes_back_as_its_sentence() -> None:
    answer = inside.found({"name": "Mercy", "operator": "nobody", "zone": "UTC"})
    assert answer == {"refused": "This is not an e-mail address. It should read like name@hospital.org."}


@pytest.mark.django_db
def test_the_look_inside_says_what_is_well(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    inside.main("examine")
    assert {finding["about"] for finding in json.loads(capsys.readouterr().out)} >= {"tables", "rights", "letters"}


def test_the_story_is_told_now_by_the_module_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    story = SimpleNamespace(
        build=lambda *, now, participants: told.append((now, participants)),
        sign_ins=lambda: [("coach", "/demo/coach/")],
    )
    monkeypatch.setitem(sys.modules, "confrere.web.demo.story", cast("ModuleType", story))
    before = timezone.now()
    assert inside.story({"participants": 24}) == [("coach", "/demo/coach/")]
    (moment, participants), *more = told
    assert before <= moment <= timezone.now()
    assert (participants, more) == (24, [])

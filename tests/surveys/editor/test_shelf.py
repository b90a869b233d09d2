"""Files of other systems come in and go out; nothing is lost unseen."""

import base64
import json
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.analysis.questionnaire.examples import EVERYTHING, dictionary
from tests.surveys.conftest import OWN
from tests.surveys.editor.conftest import Desk

from confrere.analysis.questionnaire import VERSIONS, recognise
from confrere.surveys.definition import to_blocks
from confrere.surveys.models import Draft
from confrere.surveys.views import shelving


def upload(desk: Desk, content: bytes, name: str = "my_trial.csv") -> str:
    return desk.post("bring", data={"file": SimpleUploadedFile(name, content)}).text


def test_a_file_is_looked_at_before_it_becomes_a_draft(desk: Desk) -> None:
    assert "You see first" in desk.get("bring").text
    page = upload(desk, EVERYTHING)
    assert "It identifies a person, and answers here lie under a code." in page
    assert "29 questions" in page
    assert 'value="My trial"' in page
    assert not Draft.objects.exists()
    content = base64.b64encode(EVERYTHING).decode()
    taken = desk.post("bring", data={"content": content, "title": "My trial"})
    assert taken["Location"] == desk.url("draft", "my-trial")
    assert len(desk.draft("my-trial").questions) == 29


def test_nothing_lost_is_said_too(desk: Desk) -> None:
    page = upload(desk, dictionary({"name": "a"}, {"name": "b"}), name=".csv")
    assert "It numbers the records" in page
    assert "Nothing is lost." in upload(desk, dictionary({"name": "a"}))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "JSON"),
        (b"a,b\n1,2\n", "no REDCap data dictionary"),
        (b"", "empty"),
    ],
)
def test_a_file_that_is_none_of_them_is_refused_in_words(
    desk: Desk, content: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = desk.post("bring", data={"file": SimpleUploadedFile("x.csv", content)})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    monkeypatch.setattr(shelving, "LARGEST", 10)
    large = desk.post("bring", data={"file": SimpleUploadedFile("x.csv", EVERYTHING)})
    assert (large.status_code, "larger than 1 MB" in large.text) == (422, True)


def test_what_comes_back_with_the_decision_is_read_again(desk: Desk) -> None:
    assert desk.post("bring").status_code == 422
    assert desk.post("bring", data={"content": "é"}).status_code == 422
    assert desk.post("bring", data={"content": "AAAA"}).status_code == 422
    content = base64.b64encode(dictionary({"name": "a"})).decode()
    assert desk.post("bring", data={"content": content}).status_code == 422  # no title


@pytest.mark.parametrize("kind", VERSIONS)
def test_a_published_version_leaves_in_every_format(desk: Desk, kind: str) -> None:
    slug = desk.begin(*to_blocks(OWN, {}))
    desk.save("draft_publish")
    first = desk.get("export", slug, 1, kind, query="?look")
    assert VERSIONS[kind] in first.text  # type: ignore[index]  # one of these
    file = desk.get("export", slug, 1, kind)
    assert f"before-coaching-1-{kind}." in file["Content-Disposition"]
    fields = recognise(file.content).reading.questionnaire.fields
    assert {field.name for field in fields} >= {"gender", "years", "words"}
    if kind.startswith("fhir"):
        assert json.loads(file.content)["resourceType"] == "Questionnaire"


def test_what_does_not_exist_is_not_exported(desk: Desk) -> None:
    slug = desk.begin(*to_blocks(OWN, {}))
    assert desk.get("export", slug, 1, "odm").status_code == 404
    desk.save("draft_publish")
    assert desk.get("export", slug, 1, "word").status_code == 404
    assert desk.get("version", slug, 2).status_code == 404


def test_the_waves_that_asked_it_are_named(desk: Desk, publish: Callable[..., int], opened: Callable[..., int]) -> None:
    publish(*OWN)
    assert "Nobody was asked it yet" in desk.get("questionnaire", "baseline").text
    opened()
    opened(wave="month-3")
    assert "Asked in: baseline, month-3." in desk.get("questionnaire", "baseline").text
    assert "Asked in: baseline, month-3." in desk.get("shelf").text

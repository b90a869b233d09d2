"""Wording that is not free comes from the site, with its word; without it a survey does not open."""

from collections.abc import Callable

import pytest
from tests.surveys.conftest import DIRECTOR, NOW, Place
from tests.surveys.editor.conftest import Desk

from confrere.science.instruments import registry
from confrere.surveys import actions, library
from confrere.surveys.definition import Scale
from confrere.surveys.models import TextPack
from confrere.vault.refusals import Refusal

TEXTS = "\n".join(f"Text {number}" for number in range(1, 5))
GROUND = {"attestation": "Permission of 3 March 2026", "agreed": "on"}


def test_every_instrument_says_what_is_known_of_it(desk: Desk) -> None:
    page = desk.get("instruments").text
    for name, scale in registry().items():
        assert scale.title in page
        assert scale.licence_note in desk.get("instrument", name).text.replace("&#x27;", "'")
    assert "cannot be asked" in page
    assert "free and ready" in page
    assert desk.get("instrument", "pif").status_code == 404


def test_wording_comes_with_its_ground_and_its_hash(desk: Desk) -> None:
    made = desk.post("instrument", "self_valuation", data={"items": TEXTS, "labels": "a\nb\nc\nd\ne", **GROUND})
    assert made["Location"] == desk.url("instrument", "self_valuation")
    pack = TextPack.objects.get()
    page = desk.get("instrument", "self_valuation").text
    assert pack.sha256 in page
    assert "Permission of 3 March 2026" in page
    assert "Wording 1, brought on" in desk.get("instruments").text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"items": "one", **GROUND}, "one text for each of 4 items"),
        ({"items": TEXTS, "labels": "only one", **GROUND}, "one label for each answer"),
        ({"items": TEXTS, "agreed": "on"}, "This field is required"),
        ({"items": TEXTS, "attestation": "Because"}, "This field is required"),
    ],
)
def test_wording_that_does_not_fit_is_refused(desk: Desk, data: dict[str, str], sentence: str) -> None:
    refused = desk.post("instrument", "self_valuation", data=data)
    assert (refused.status_code, sentence in refused.text) == (422, True)
    assert not TextPack.objects.exists()


def test_stand_in_wording_says_so(desk: Desk, stand_in: Callable[[str], int]) -> None:
    stand_in("pfi")
    assert "Stand-in wording, simulated" in desk.get("instruments").text
    slug = desk.begin(Scale(id=1, instrument="pfi"))
    assert "(stand-in wording, simulated)" in desk.get("draft_screen", slug).text


def test_without_its_wording_a_survey_does_not_open(desk: Desk, place: Place) -> None:
    slug = desk.begin(Scale(id=1, instrument="self_valuation"))
    assert "no survey opens with it" in desk.get("draft_publish", slug).text
    desk.save("draft_publish")
    with pytest.raises(Refusal, match="wording of these instruments is missing: Self-Valuation"):
        actions.check_ready(programme=place.programme, slug=slug)
    desk.post("instrument", "self_valuation", data={"items": TEXTS, **GROUND})
    actions.revise(programme=place.programme, site=place.site, slug=slug, actor=DIRECTOR, now=NOW)
    assert "Only the wording of text packs, or nothing, has changed" in desk.get("draft_publish", slug).text
    assert library.bare(programme=place.programme, questions=desk.draft().questions) == []
    desk.save("draft_publish")
    assert actions.check_ready(programme=place.programme, slug=slug).version == 2

from collections.abc import Callable

import pytest
from tests.surveys.conftest import DIRECTOR, GENDER, NOW, YEARS, Place

from confrere.surveys import actions, definition
from confrere.surveys.actions import publishing
from confrere.surveys.definition import Pack
from confrere.surveys.models import Draft, DraftState, Questionnaire, TextPack
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

PFI = definition.of_instrument("pfi")


def test_the_same_content_is_the_same_version(publish: Callable[..., int]) -> None:
    assert [publish(GENDER), publish(GENDER), publish(GENDER, YEARS), publish(GENDER)] == [1, 1, 2, 3]
    assert Payload.objects.filter(body__contains="surveys.publish").count() == 3


def test_a_published_version_keeps_its_wording(
    place: Place, publish: Callable[..., int], stand_in: Callable[[str], int]
) -> None:
    publish(*PFI)
    assert stand_in("pfi") == 1
    publish(*PFI)
    pack = definition.stand_in("pfi")
    other = Pack(items=pack.items | {"pfi_1": "Other words (stand-in wording, simulated)"}, stand_in=True)
    for _again in range(2):
        version = actions.import_pack(
            programme=place.programme,
            site=place.site,
            instrument="pfi",
            pack=other,
            attestation="simulated programme",
            actor=DIRECTOR,
            now=NOW,
        )
        assert version == 2
    publish(*PFI)
    rows = Questionnaire.objects.order_by("version")
    assert [definition.from_json(row.definition)[0].text for row in rows] == [
        None,
        pack.items["pfi_1"],
        "Other words (stand-in wording, simulated)",
    ]
    assert rows[1].definition["packs"] == {"pfi": {"sha256": pack.sha256, "stand_in": True}}


def test_wording_needs_a_ground(place: Place) -> None:
    with pytest.raises(Refusal, match="on what ground"):
        actions.import_pack(
            programme=place.programme,
            site=place.site,
            instrument="pfi",
            pack=definition.stand_in("pfi"),
            attestation=" ",
            actor=DIRECTOR,
            now=NOW,
        )
    assert not TextPack.objects.exists()


def test_stand_in_wording_is_refused_among_real_people(
    stand_in: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "simulated", lambda: False)
    with pytest.raises(Refusal, match="simulated programmes only"):
        stand_in("pfi")
    assert not TextPack.objects.exists()


def test_rows_say_what_they_are(publish: Callable[..., int], stand_in: Callable[[str], int]) -> None:
    stand_in("pfi")
    publish(GENDER)
    assert str(TextPack.objects.get()) == "pfi 1"
    assert str(Questionnaire.objects.get()) == "Baseline 1"


def test_drafts_and_their_states_say_what_they_are(place: Place) -> None:
    actions.begin(programme=place.programme, site=place.site, title="Before", actor=DIRECTOR, now=NOW)
    assert (str(Draft.objects.get()), str(DraftState.objects.get())) == ("before", "Before 1")

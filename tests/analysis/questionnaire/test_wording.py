"""Instruments in questionnaires: known by their items, licensed wording marked, stand-ins that say what they are."""

import pytest
from tests.analysis.questionnaire.examples import MADE_AT, dictionary, everything

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire import Reading, carry, held, of_instruments, recognise
from confrere.analysis.questionnaire.model import Kind
from confrere.analysis.questionnaire.wording import STAND_IN
from confrere.science.instruments import registry

KNOWN = [name for name, scale in registry().items() if scale.known]


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_instrument_goes_out_and_comes_back(name: str) -> None:
    scale = registry()[name]
    given = of_instruments([name])
    assert [field.name for field in given.fields] == list(scale.item_ids)
    for field, item in zip(given.fields, scale.items, strict=True):
        assert (field.annotation == STAND_IN) == (item.text is None)
        assert ("stand-in" in field.label) == (item.text is None)
        if field.kind is Kind.CHOICE:
            assert [float(choice.code) for choice in field.choices] == list(range(int(item.low), int(item.high) + 1))
        else:
            assert (float(field.low), float(field.high)) == (item.low, item.high)
    done = carry(Reading(questionnaire=given), source="instruments", to="redcap", made_at=MADE_AT)
    (found,) = held(recognise(done.text.encode()).reading.questionnaire)
    assert (found.instrument, found.fields, found.absent) == (name, scale.item_ids, ())
    assert found.needs_pack == any(item.text is None for item in scale.items)
    assert found.stand_in == all(item.text is None for item in scale.items)
    assert {loss.what for loss in done.lost} <= {f"title of the form {name}"}


def test_licensed_wording_in_a_file_needs_a_pack_whatever_it_says() -> None:
    content = dictionary({"name": "mmbi_exhaustion", "label": "words of somebody"}, {"name": "other"})
    (found,) = held(recognise(content).reading.questionnaire)
    assert (found.instrument, found.fields, found.absent) == ("mmbi", ("mmbi_exhaustion",), ("mmbi_depersonalization",))
    assert (found.needs_pack, found.stand_in, found.licence) == (True, False, "own")
    assert held(everything()) == ()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("pfy", "pfi"), ("empowerment_at_work", "the items of Empowerment at Work Scale are not known.")],
)
def test_instruments_that_cannot_be_written(name: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        of_instruments(["pfi", name])
    assert sentence in str(caught.value)

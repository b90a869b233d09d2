from dataclasses import replace

from tests.surveys.conftest import GENDER, OWN, THEMES, WORDS, YEARS

from confrere.surveys import definition
from confrere.surveys.definition import Own, Scale, blocks_from_json, blocks_to_json, editing, expanded, to_blocks
from confrere.surveys.definition.blocks import origins_of

PFI = definition.of_instrument("pfi", required=False)
BLOCKS = (*to_blocks(OWN, {"gender": {"form": "one"}}), Scale(id=5, instrument="pfi", condition="years > 3"))


def names(blocks: tuple[definition.Block, ...]) -> list[str]:
    return [question.name for question in expanded(blocks)]


def test_blocks_expand_to_their_questions() -> None:
    assert expanded(BLOCKS[:4]) == OWN
    assert [question.condition for question in expanded(BLOCKS[4:])] == ["years > 3"] * 16
    some = Scale(id=1, instrument="pfi", items=("pfi_2", "pfi_3"), section="Work", required=True)
    assert [(one.name, one.section, one.required) for one in expanded((some,))] == [
        ("pfi_2", "Work", True),
        ("pfi_3", "Work", True),
    ]


def test_blocks_survive_their_storage() -> None:
    assert blocks_from_json(blocks_to_json(BLOCKS)) == BLOCKS
    assert origins_of(BLOCKS) == {"gender": {"form": "one"}}


def test_questions_become_blocks_again() -> None:
    assert to_blocks(expanded(BLOCKS), {"gender": {"form": "one"}}) == BLOCKS
    part = tuple(replace(one, section="Work") for one in PFI[2:4])
    assert to_blocks((*part, WORDS), {}) == (
        Scale(id=1, instrument="pfi", items=("pfi_3", "pfi_4"), section="Work"),
        Own(id=2, question=WORDS),
    )


def test_blocks_are_added_behind_another_or_last() -> None:
    new = Own(id=0, question=replace(WORDS, name="new"))
    assert names(editing.added(new)(BLOCKS[:4])) == ["gender", "themes", "years", "words", "new"]
    assert names(editing.added(new, after=1)(BLOCKS[:4])) == ["gender", "new", "themes", "years", "words"]
    assert editing.added(new)(())[0].id == 1
    assert editing.added(new, after=2)(BLOCKS)[2].id == 6


def test_blocks_are_moved_as_far_as_there_are_any() -> None:
    four = BLOCKS[:4]
    assert names(editing.moved(3, by=-5)(four)) == ["years", "gender", "themes", "words"]
    assert names(editing.moved(1, by=9)(four)) == ["themes", "years", "words", "gender"]
    assert editing.moved(99, by=1)(four) == four


def test_only_questions_of_ones_own_are_doubled() -> None:
    assert editing.doubled(5)(BLOCKS) == BLOCKS
    assert editing.doubled(99)(BLOCKS) == BLOCKS
    doubled = editing.doubled(1)(BLOCKS)[1]
    assert isinstance(doubled, Own)
    assert (doubled.id, doubled.question.name, doubled.origin) == (6, "gender_2", {})


def test_a_new_name_is_followed_everywhere() -> None:
    asks = replace(WORDS, text="[years] years?", note="[years]", condition="years > 3")
    bare = Own(id=9, question=replace(WORDS, name="bare", text=None))
    listed = Own(id=10, question=replace(THEMES, name="t", options=(replace(THEMES.options[0], label="[years]"),)))
    blocks = (*to_blocks((YEARS, asks), {}), BLOCKS[4], bare, listed)
    renamed = Own(id=1, question=replace(YEARS, name="long"))
    questions = expanded(editing.changed(renamed)(blocks))
    assert (questions[1].text, questions[1].note, questions[1].condition) == ("[long] years?", "[long]", "long > 3")
    assert questions[2].condition == "long > 3"
    assert (questions[-2].text, questions[-1].options[0].label) == (None, "[long]")


def test_a_changed_block_takes_the_place_of_the_one_before() -> None:
    other = Own(id=2, question=replace(THEMES, text="Which?"))
    assert expanded(editing.changed(other)(BLOCKS))[1].text == "Which?"
    assert editing.changed(Own(id=99, question=GENDER))(BLOCKS) == BLOCKS
    scale = replace(BLOCKS[4], required=True)
    assert editing.changed(scale)(BLOCKS)[4] == scale
    assert names(editing.removed(1)(BLOCKS[:4])) == ["themes", "years", "words"]

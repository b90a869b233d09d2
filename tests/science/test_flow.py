"""The flow diagram adds up, or the box that does not is named."""

import pytest

from confrere.science.flow import Arm, Box, Flow, FlowError, Loss, Tally

MAILED = Box("mailed", "Received the e-mail", 3247)
ENROLLED = Box("enrolled", "Enrolled", 138, (Loss("Did not enrol", 3109),))


def coached(*, analysed: int = 52, answered: int = 47) -> Arm:
    return Arm(
        "Coaching",
        (
            Box("allocated", "Allocated", 67),
            Box("analysed", "Analysed", analysed, (Loss("No session, lost", 15),)),
            Box("month3", "Answered at 3 months", answered, (Loss("No answer", 5),), of="analysed"),
        ),
    )


WAITING = Arm("Control", (Box("allocated", "Allocated", 71), Box("month3", "Answered", 63, (Loss("No answer", 8),))))


def test_the_trial_of_kiser_adds_up() -> None:
    flow = Flow("Flow", (MAILED, ENROLLED), (coached(), WAITING))
    assert [arm.boxes[0].count for arm in flow.arms] == [67, 71]


WRONG = [
    ((MAILED, Box("enrolled", "Enrolled", 138, (Loss("x", 3000),))), (coached(), WAITING), "Box enrolled holds 138"),
    ((MAILED, ENROLLED), (coached(analysed=53), WAITING), "Box analysed of Coaching holds 53, but 67 less 15 is 52"),
    ((MAILED, ENROLLED), (coached(answered=48), WAITING), "Box month3 of Coaching holds 48"),
    ((MAILED, ENROLLED), (coached(),), r"Box enrolled holds 138, but its arms hold 67 = 67"),
    ((Box("mailed", "m", -1),), (coached(),), "Box mailed has a negative count"),
    (
        (Box("a", "a", 1), Box("b", "b", 1, of="c")),
        (coached(),),
        "Box b is counted from c, which does not stand before",
    ),
]


@pytest.mark.parametrize(("common", "arms", "sentence"), WRONG)
def test_the_box_that_does_not_add_up_is_named(common: tuple[Box, ...], arms: tuple[Arm, ...], sentence: str) -> None:
    with pytest.raises(FlowError, match=sentence):
        Flow("Flow", common, arms)


SETS: list[tuple[Tally, str]] = [
    (Tally("ITT", 66), "Set ITT of A holds 66, but 67 less 0 is 67"),
    (Tally("mITT", 53, (Loss("no session", 15),)), "Set mITT of A holds 53, but 67 less 15 is 52"),
    (Tally("PP", -1, (Loss("x", 68),)), "Set PP of A has a negative count"),
    (Tally("PP", 68, (Loss("x", -1),)), "Set PP of A has a negative count"),
]


@pytest.mark.parametrize(("wrong", "sentence"), SETS)
def test_an_analysis_set_holds_those_allocated_less_those_left_out(wrong: Tally, sentence: str) -> None:
    right = Tally("mITT", 52, (Loss("no session", 15),))
    with pytest.raises(FlowError, match=sentence):
        Flow("Flow", (Box("r", "Randomized", 67),), (Arm("A", (Box("a", "Allocated", 67),), (right, wrong)),))

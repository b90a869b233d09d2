"""What a survey says to somebody in distress comes from the protocol."""

from tests.study import Study

from confrere.surveys.queries import distress_plan


def test_the_lines_of_the_protocol_are_given(bare: Study) -> None:
    assert distress_plan(bare.programme) == []
    bare.open()
    assert distress_plan(bare.programme) == ["In a crisis, call or text 988."]

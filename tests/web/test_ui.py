import pytest

from confrere.web.templatetags.ui import Cell, Column, columns, initial, under

HEAD = ["Arm", ("People", "number")]


def test_a_column_is_a_text_or_a_number() -> None:
    assert columns(HEAD) == [Column("Arm", number=False), Column("People", number=True)]


def test_a_cell_stands_under_its_column_and_may_lead_somewhere() -> None:
    assert under([("Coaching", "/c/"), 67], HEAD) == [
        Cell("Arm", number=False, text="Coaching", url="/c/"),
        Cell("People", number=True, text=67, url=""),
    ]


def test_a_row_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        under(["Coaching"], HEAD)


@pytest.mark.parametrize(("name", "letter"), [("Dr. Ama Osei", "O"), ("osei", "O"), ("", "·")])
def test_the_letter_of_a_face_without_picture(name: str, letter: str) -> None:
    assert initial(name) == letter

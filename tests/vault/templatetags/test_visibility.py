import re

import pytest
from django.template import Context, Template


def rendered(what: str) -> str:
    return Template("{% load visibility %}{% chip " + what + " %}").render(Context()).strip()


def words(what: str) -> str:
    return re.sub(r"<[^>]+>", "", rendered(what)).removeprefix("Who sees this: ")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ('"people.User.email"', "You, the people you meet here, and the programme&#x27;s staff"),
        ('"vault.Link.sealed"', "Nobody without the key; two named people can use it"),
        ('"answer"', "Study team, under a code; two named people can link it"),
        ('"lounge"', "Everyone in the lounge"),
        ('"lounge" name="Cardiology"', "Members of Cardiology"),
        ('"mail" name="the office"', "Goes to the office by e-mail; their mail system keeps it"),
        ('"nothing"', "Nobody: nothing is stored"),
        ('"answer" name="Cardiology"', "Study team, under a code; two named people can link it"),
    ],
)
def test_a_chip_says_who_can_reach_it(what: str, said: str) -> None:
    assert words(what) == said


def test_a_chip_is_a_picture_and_words() -> None:
    found = rendered('"vault.Link.sealed"')
    assert found.startswith('<span class="chip"><svg ')
    assert 'icons.svg#lock"/></svg>' in found
    assert "style=" not in found


def test_what_is_filled_in_is_escaped() -> None:
    assert "&lt;b&gt;" in rendered('"lounge" name="<b>"')


def test_a_chip_of_an_unknown_class_is_an_error() -> None:
    with pytest.raises(KeyError):
        rendered('"notes"')

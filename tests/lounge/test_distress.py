"""Which words show where help answers."""

import pytest

from confrere.lounge.distress import PHRASES, sounds_like_distress


@pytest.mark.parametrize("phrase", PHRASES)
def test_each_phrase_is_heard(phrase: str) -> None:
    assert sounds_like_distress("Fine.", f"And {phrase.upper()}, honestly.")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("I can’t\ngo on like this", True),
        ("i cannot  go on", True),
        ("Patient with suicidal ideation, 3 attempts", False),
        ("He says he wants to die", False),
        ("antiking myselfish", False),
        ("", False),
    ],
)
def test_the_first_person_is_heard_across_lines_and_apostrophes(text: str, heard: bool) -> None:
    assert sounds_like_distress(text) is heard

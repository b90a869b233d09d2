"""What is held before it is posted, and what is usual among colleagues and passes."""

import pytest

from confrere.lounge import guard
from confrere.science.identifiers import KINDS


@pytest.mark.parametrize(
    ("part", "text", "kinds"),
    [
        ("text", "Mr. Okonkwo came on 3 March.", ["name", "date"]),
        ("text", "A 92-year-old woman, MRN 4455667.", ["age", "record-number"]),
        ("title", "Call 415-555-2671?", ["phone"]),
        ("text", "A woman in her sixties, three weeks later.", []),
        ("text", "", []),
        # What is usual among colleagues:
        ("text", "See https://doi.org/10.1001/jama.2020.1585 and https://pubmed.ncbi.nlm.nih.gov/123/", []),
        ("text", "See https://my-family.example/photos", ["url"]),
        ("text", "See https://doi.org.evil.example/x", ["url"]),
        ("text", "See https://[::1/broken", ["url"]),
        ("text", "@Johnson would know.", []),
        ("source", "Johnson A, Lancet, March 2021, https://example.org/guide", []),
        ("source", "told by 415-555-2671", ["phone"]),
    ],
)
def test_what_is_held(part: str, text: str, kinds: list[str]) -> None:
    assert [one.span.kind for one in guard.findings({part: text})] == kinds


def test_every_kind_has_a_reason() -> None:
    assert list(guard.REASONS) == list(KINDS)
    [finding] = guard.findings({"text": "MRN 4455667"})
    assert finding.reason == "it looks like the number of a medical record."


def test_a_mark_clears_the_same_words_wherever_they_stand_and_no_others() -> None:
    parts = {"title": "Mr. Okonkwo", "text": "Mr.  OKONKWO again, and Mrs. Silva."}
    okonkwo, again, silva = guard.findings(parts)
    assert okonkwo.key == again.key != silva.key
    assert [one.span.text for one in guard.held(parts, cleared={okonkwo.key})] == [silva.span.text]
    assert guard.distinct((okonkwo, again, silva)) == (okonkwo, silva)
    assert guard.held(parts, cleared={okonkwo.key, silva.key}) == ()


@pytest.mark.parametrize(
    "text", ["", "nothing", "Mr. Okonkwo", "Seen: Mr. Okonkwo, MRN 4455667.", "MRN 4455667 at first, then words"]
)
def test_the_pieces_are_the_text_again(text: str) -> None:
    found = guard.findings({"text": text})
    cut = list(guard.pieces(text, found))
    assert "".join(piece.text for piece in cut) == text
    assert [piece.finding for piece in cut if piece.finding] == list(found)

from dataclasses import replace

from tests.surveys.conftest import GENDER, OWN, THEMES, WORDS, YEARS

from confrere.surveys import definition
from confrere.surveys.comparing import Change, between, drafted
from confrere.surveys.definition import Kind, Question
from confrere.surveys.queries import Published

DAY = Question(name="day", kind=Kind.DATE, text="When?", earliest="2026-01-01", latest="2026-12-31")


def test_nothing_changed() -> None:
    assert between(OWN, OWN) == ()


def test_what_is_new_gone_moved_and_otherwise() -> None:
    new = (THEMES, replace(GENDER, text="Gender?", required=False), DAY, replace(YEARS, high=None, whole=False))
    assert between(OWN, new) == (
        Change("words", "taken out", "Anything else?", ""),
        Change("gender", "text", "Your gender", "Gender?"),
        Change("gender", "an answer is needed", "yes", "no"),
        Change("day", "new", "", "When?"),
        Change("years", "limits", "0, 60, whole numbers", "0"),
        Change("", "order", "gender, themes, years", "themes, gender, years"),
    )


def test_every_part_of_a_question_is_read() -> None:
    other = replace(
        WORDS,
        kind=Kind.LINE,
        note="help",
        section="here",
        low_label="a",
        high_label="b",
        condition="years > 3",
        matrix="m",
        look="email",
        options=GENDER.options,
    )
    whats = [change.what for change in between((WORDS,), (other,))]
    assert len(whats) == len(set(whats)) == 8
    assert between((replace(DAY, latest=""),), (DAY,))[0].after == "2026-01-01, 2026-12-31"


def test_a_draft_is_compared_without_the_wording_of_text_packs() -> None:
    items = definition.of_instrument("pfi")
    worded = definition.worded(items, {"pfi": definition.stand_in("pfi")})
    published = Published(slug="a", title="A", version=1, questions=(GENDER, *worded))
    assert published.instruments == ("pfi",)
    assert drafted(published, title="A", questions=(GENDER, *items)) == ()
    assert drafted(published, title="B", questions=(GENDER, *items)) == (Change("", "title", "A", "B"),)

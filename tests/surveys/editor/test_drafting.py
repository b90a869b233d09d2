"""A coordinator writes a questionnaire from an empty page: every button, and every way in which it goes wrong."""

import pytest
from tests.surveys.conftest import GENDER, OWN, YEARS
from tests.surveys.editor.conftest import Desk

from confrere.surveys import actions, queries
from confrere.surveys.definition import Kind, Option, Own, Question, Scale, to_blocks
from confrere.surveys.question_forms import KINDS

FILLED = to_blocks(OWN, {})


def test_from_an_empty_page_to_a_second_version(desk: Desk) -> None:
    assert "No questionnaires yet" in desk.get("shelf").text
    begun = desk.post("shelf", data={"title": "Before coaching"})
    assert (begun.status_code, begun["Location"]) == (302, desk.url("draft", "before-coaching"))
    assert "Nothing is asked yet" in desk.get("draft", "before-coaching").text
    assert "(if you like)" in desk.get("draft_add", "before-coaching", "choice").text
    saved = desk.save(
        "draft_add", "choice", text="Which ward?", options="Surgery\n2 = Medicine", required="on", section="You"
    )
    assert saved["Location"] == desk.url("draft", "before-coaching")
    assert desk.draft().questions == (
        Question(
            name="which_ward",
            kind=Kind.CHOICE,
            text="Which ward?",
            section="You",
            options=(Option(value="surgery", label="Surgery"), Option(value="2", label="Medicine")),
        ),
    )
    desk.save(
        "draft_add",
        "number",
        text="Years?",
        name="years",
        low="0",
        high="60",
        whole="on",
        condition="which_ward == 'surgery'",
    )
    page = desk.get("draft", "before-coaching").text
    assert "Asked only if" in page
    assert "Undo: added years" in page
    decision = desk.get("draft_publish", "before-coaching").text
    assert "The first version" in decision
    published = desk.save("draft_publish")
    assert published["Location"] == desk.url("version", "before-coaching", 1)
    assert "It never changes" in desk.get("version", "before-coaching", 1).text
    assert "Write the next version" in desk.get("questionnaire", "before-coaching").text
    desk.post("revise", "before-coaching")
    desk.post("revise", "before-coaching")  # a draft that exists goes on
    assert "Go on with the draft" in desk.get("questionnaire", "before-coaching").text
    assert "Go on with the draft" in desk.get("shelf").text
    desk.save("draft_block", 2, text="Years in practice?", name="years", high="60", whole="on")
    desk.save("draft_act", act="title", title="Before coaching, again")
    difference = desk.get("draft_publish", "before-coaching").text
    assert "What changed since version 1" in difference
    assert "<del>Years?</del>" in difference
    assert "<ins>Before coaching, again</ins>" in difference
    desk.save("draft_publish")
    history = desk.get("questionnaire", "before-coaching").text
    assert "<del>Years?</del>" in history
    assert "Version 2" in history
    assert queries.published(programme=desk.place.programme)["before-coaching"].version == 2


def test_the_buttons_of_the_draft(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    names = lambda: [question.name for question in desk.draft().questions]  # noqa: E731 - asked again and again
    moved = desk.save("draft_act", act="up", block=2)
    assert moved["Location"].endswith("#b2")
    assert names() == ["themes", "gender", "years", "words"]
    desk.save("draft_act", act="down", block=3)
    assert names() == ["themes", "gender", "words", "years"]
    desk.save("draft_act", act="double", block=1)
    assert names() == ["themes", "gender", "gender_2", "words", "years"]
    desk.save("draft_act", act="remove", block=2)
    assert names() == ["gender", "gender_2", "words", "years"]
    desk.save("draft_act", act="undo")
    assert names() == ["themes", "gender", "gender_2", "words", "years"]
    assert "Do again: took a question out" in desk.get("draft", slug).text
    desk.save("draft_act", act="redo")
    assert names() == ["gender", "gender_2", "words", "years"]
    desk.save("draft_act", act="scale", instrument="pfi")
    page = desk.get("draft", slug).text
    assert "16 items" in page
    assert "The wording of Professional Fulfillment Index is missing" in page


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"act": "undo"}, 409, "nothing to undo"),
        ({"act": "redo"}, 409, "nothing to do again"),
        ({"act": "title", "title": " "}, 422, "that button is not known"),
        ({"act": "dance"}, 422, "that button is not known"),
        ({"act": "scale", "instrument": "pif"}, 422, "did you mean pfi"),
        ({"act": "scale", "instrument": "empowerment_at_work"}, 409, "are not known"),
        ({"act": "up", "block": "1", "seen": "many"}, 409, "Somebody else changed this draft"),
    ],
)
def test_what_does_not_go_is_said(desk: Desk, data: dict[str, str], status: int, sentence: str) -> None:
    desk.begin(*FILLED)
    refused = desk.save("draft_act", **data)
    assert refused.status_code == status
    assert sentence in refused.text
    assert desk.draft().blocks == FILLED


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_has_a_form_that_keeps_it(desk: Desk, kind: Kind) -> None:
    slug = desk.begin()
    assert desk.get("draft_add", slug, kind).status_code == 200
    answers = {"options": "1 = one\n2 = two", "low": "1", "high": "2"}
    saved = desk.save("draft_add", kind, text="Well?", note="Help", **answers)
    assert saved.status_code == 302
    question = desk.draft().questions[0]
    assert question.kind is kind
    assert desk.draft().problems == () or kind is Kind.NOTE  # a note alone is no questionnaire
    again = desk.get("draft_block", slug, 1).text
    assert "Well?" in again
    assert "Ask it otherwise" in again
    desk.save(
        "draft_block", 1, text="Well?", name="well", note="Help", required="on" if question.required else "", **answers
    )
    assert desk.draft().questions[0] == question


def test_a_question_is_asked_otherwise(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    page = desk.client.get(desk.url("draft_block", slug, 3) + "?kind=slider")
    assert "Words at the low end" in page.text
    desk.client.post(
        desk.url("draft_block", slug, 3) + "?kind=slider",
        {"seen": 1, "text": "Years", "name": "years", "low": "0", "high": "60"},
    )
    assert desk.draft().questions[2].kind is Kind.SLIDER


def test_what_is_wrong_is_said_before_it_is_saved_and_beside_the_block(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    data = {"text": "More?", "condition": "yeers > 3"}
    checked = desk.save("draft_add", "text", check="1", **data)
    assert "There is no column yeers. Did you mean years?" in checked.text
    assert "Names that a condition may use" in checked.text
    assert len(desk.draft().blocks) == 4
    fine = desk.save("draft_add", "text", check="1", text="More?", condition="years > 3")
    assert "Nothing is wrong with it" in fine.text
    desk.save("draft_add", "text", **data)
    assert "There is no column yeers" in desk.get("draft", slug).text
    refused = desk.get("draft_publish", slug)
    assert "put right first" in refused.text
    assert "Publish this version" not in refused.text
    assert desk.save("draft_publish").status_code == 422
    empty = desk.save("draft_add", "text")
    assert (empty.status_code, "This field is required" in empty.text) == (422, True)


def test_two_editors_never_overwrite_each_other_unseen(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    desk.save("draft_block", 4, text="Hers", name="words")
    late = desk.post("draft_block", slug, 4, data={"seen": 1, "text": "His", "name": "words"})
    assert late.status_code == 409
    assert "Somebody else changed this draft meanwhile" in late.text
    assert "His" in late.text
    assert desk.draft().questions[3].text == "Hers"
    desk.save("draft_block", 4, text="His", name="words")
    assert desk.draft().questions[3].text == "His"


def test_a_block_that_is_gone_is_not_saved(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    desk.save("draft_act", act="remove", block=4)
    assert desk.get("draft_block", slug, 4).status_code == 404
    assert desk.save("draft_block", 4, text="Late").status_code == 404


def test_an_instrument_stands_where_and_when_it_is_wanted(desk: Desk) -> None:
    slug = desk.begin(*FILLED, Scale(id=5, instrument="qol_vas"))
    assert "Quality of life" in desk.get("draft_block", slug, 5).text
    desk.save("draft_block", 5, required="on", section="Now", condition="years > 3")
    item = desk.draft().questions[-1]
    assert (item.required, item.section, item.condition) == (True, "Now", "years > 3")
    assert desk.draft().undo == "changed qol_vas"


def test_a_field_that_is_only_kept_is_not_changed_here(desk: Desk) -> None:
    kept = Own(id=1, question=Question(name="photo", kind=Kind.KEPT, text="Photo", required=False))
    slug = desk.begin(kept, Own(id=2, question=GENDER))
    assert "not asked here" in desk.get("draft", slug).text
    assert desk.get("draft_block", slug, 1).status_code == 409


def test_a_draft_is_thrown_away_after_one_question(desk: Desk) -> None:
    slug = desk.begin(*FILLED)
    assert "Throw away the draft" in desk.get("draft_drop", slug).text
    assert desk.save("draft_drop")["Location"] == desk.url("shelf")
    assert desk.get("draft", slug).status_code == 404
    assert desk.post("draft_act", slug, data={"act": "undo"}).status_code == 404


def test_names_are_made_of_the_question_and_are_free(desk: Desk) -> None:
    desk.begin(Own(id=1, question=YEARS))
    for text in ("2 of what?", "Years?", "Years?"):
        desk.save("draft_add", "text", text=text)
    desk.save("draft_add", "text", text="¿")
    assert [question.name for question in desk.draft().questions] == ["years", "q_2_of_what", "years_2", "years_3", "q"]


def test_unknown_kinds_and_titles(desk: Desk) -> None:
    slug = desk.begin()
    assert desk.get("draft_add", slug, "kept").status_code == 404
    assert desk.post("shelf", data={"title": ""}).status_code == 422
    assert desk.get("questionnaire", "nothing").status_code == 404
    assert desk.post("revise", "nothing").status_code == 404
    assert desk.begin() == "before-coaching-2"
    assert desk.begin(title="!") == "questionnaire"


def test_acts_are_forgotten_after_a_hundred(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.drafting, "MOST_STATES", 2)
    desk.begin(*FILLED)
    for _again in range(3):
        desk.save("draft_act", act="down", block=1)
    desk.save("draft_act", act="undo")
    desk.save("draft_act", act="undo")
    assert desk.save("draft_act", act="undo").status_code == 409


def test_a_draft_has_an_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.drafting, "MOST_BLOCKS", 4)
    desk.begin(*FILLED)
    refused = desk.save("draft_act", act="double", block=1)
    assert (refused.status_code, "at most 4 blocks" in refused.text) == (422, True)

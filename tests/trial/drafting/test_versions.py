"""From an empty page to a protocol: every draft kept, nobody overwritten, what was typed never lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.study import DIRECTOR, NOW, PROTOCOL, Study
from tests.trial.drafting.drafts import HOME, UNFINISHED, newest, save

from confrere.trial import actions, queries
from confrere.trial.actions.drafting import keep
from confrere.trial.models import ProtocolVersion, Trial
from confrere.trial.protocol import shipped_protocol
from confrere.vault.refusals import Refusal


def test_an_unfinished_draft_is_kept_and_makes_no_trial(bare: Study) -> None:
    assert save(bare, UNFINISHED) == 1
    assert not Trial.objects.exists()
    assert save(bare, PROTOCOL, after=1) == 2
    assert queries.required(bare.programme).protocol == PROTOCOL
    assert [one.number for one in queries.versions(bare.programme)] == [2, 1]


def test_the_same_text_again_is_the_same_version(bare: Study) -> None:
    assert (save(bare, UNFINISHED), save(bare, UNFINISHED, after=1), save(bare, UNFINISHED)) == (1, 1, 1)


def test_two_directors_never_overwrite_each_other_without_a_word(bare: Study) -> None:
    save(bare, UNFINISHED)
    save(bare, UNFINISHED + 'title = "Ada\'s"\n', after=1, by="Ada")
    with pytest.raises(Refusal, match="Ada saved version 2 while you were writing") as refused:
        save(bare, UNFINISHED + 'title = "Ben\'s"\n', after=1, by="Ben")
    assert refused.value.status == 409
    assert "Ada's" in newest(bare)


def test_a_number_that_was_taken_a_moment_ago_is_refused_in_words(bare: Study) -> None:
    """Both asked for the newest version before either had saved: the database keeps one of them."""
    save(bare, UNFINISHED)
    late = ProtocolVersion(programme_id=bare.programme, site_id=bare.site, number=1, text="late", saved_at=NOW)
    with pytest.raises(Refusal, match="Ada saved version 1"):
        keep(late, DIRECTOR)
    assert newest(bare) == UNFINISHED


def test_locking_an_unfinished_draft_is_refused(bare: Study) -> None:
    save(bare, PROTOCOL)
    bare.text("What this is: a test.")
    save(bare, UNFINISHED, after=1)
    with pytest.raises(Refusal, match="The newest draft, version 2, is not finished") as refused:
        actions.lock(programme=bare.programme, actor=DIRECTOR, now=NOW, test_entropy="x")
    assert refused.value.status == 409
    save(bare, PROTOCOL, after=2)
    actions.lock(programme=bare.programme, actor=DIRECTOR, now=NOW, test_entropy="x")


def test_a_draft_after_the_lock_is_refused_with_the_hash(study: Study) -> None:
    with pytest.raises(Refusal, match=queries.required(study.programme).protocol_sha256):
        save(study, UNFINISHED, after=1)


@pytest.mark.parametrize("text", ["a\x00b", "x" * 200_001])
def test_what_cannot_be_kept_is_refused(bare: Study, text: str) -> None:
    with pytest.raises(Refusal, match="not the text of a protocol") as refused:
        save(bare, text)
    assert refused.value.status == 422


def test_the_page_from_nothing_to_finished(director: Client, bare: Study) -> None:
    page = director.get(HOME)
    assert "Begin with an empty page" in page.text
    page = director.post(HOME + "begin/", {"begin": "kiser2024"}, follow=True)
    assert page.redirect_chain == [(HOME, 302)]
    assert "Every part is there and fits together." in page.text
    assert newest(bare) == shipped_protocol("kiser2024")
    assert director.get(HOME + "protocol.toml").text == shipped_protocol("kiser2024")
    page = director.post(HOME + "begin/", {"begin": "dyrbye2019"})
    assert (page.status_code, "saved version 1 while you were writing" in page.text) == (409, True)


def test_a_file_of_ones_own(director: Client, bare: Study) -> None:
    file = SimpleUploadedFile("my.toml", b"\xef\xbb\xbf" + PROTOCOL.replace("\n", "\r\n").encode())
    assert director.post(HOME + "begin/", {"begin": "file", "file": file}).status_code == 302
    assert newest(bare) == PROTOCOL


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"begin": "file"}, "Choose the file."),
        ({"begin": "file", "file": SimpleUploadedFile("x.toml", b"\xff\xfe\x00")}, "not a text file in UTF-8"),
        ({"begin": "nothing"}, "Select a valid choice"),
    ],
)
def test_what_is_no_beginning_is_refused(director: Client, bare: Study, posted: Any, sentence: str) -> None:
    page = director.post(HOME + "begin/", posted)
    assert (page.status_code, sentence in page.text) == (422, True)
    assert not ProtocolVersion.objects.exists()


def test_the_text_says_the_line_and_keeps_what_was_typed(director: Client, bare: Study) -> None:
    assert director.get(HOME + "text/").status_code == 200
    wrong = PROTOCOL.replace("mti = 2", "mit = 2")
    page = director.post(HOME + "text/", {"text": wrong, "after": 0}, follow=True)
    line = wrong.splitlines().index("mit = 2") + 1
    assert f"Line {line} needs your attention" in page.text
    assert "there is no such key. Did you mean mti?" in page.text
    assert "mit = 2" in newest(bare)
    page = director.post(HOME + "text/", {"text": PROTOCOL.replace("\n", "\r\n"), "after": 1}, follow=True)
    assert "Every part is there and fits together." in page.text
    assert newest(bare) == PROTOCOL


def test_what_is_no_toml_is_said_with_its_line(director: Client, bare: Study) -> None:
    page = director.post(HOME + "text/", {"text": '[trial]\nid = "x\n', "after": 0}, follow=True)
    assert "Line 2 needs your attention" in page.text
    page = director.get(HOME + "parts/trial/")
    assert page.headers["Location"] == HOME + "text/"  # no form can show it: mend it as text
    assert director.get(HOME + "parts/arms/1/").headers["Location"] == HOME + "text/"
    page = director.post(HOME + "text/", {"text": "[trial", "after": 1}, follow=True)
    assert "not valid TOML" in page.text


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "a = 1" + "0" * 5000, PROTOCOL.replace("cap = 6", "cap = 1" + "0" * 400)]
)
def test_a_text_that_would_break_its_reader_is_a_sentence(director: Client, bare: Study, text: str) -> None:
    page = director.post(HOME + "text/", {"text": text, "after": 0}, follow=True)
    assert (page.status_code, "nested too deeply" in page.text or "too large" in page.text) == (200, True)


def test_a_conflict_shows_what_they_changed_and_keeps_what_i_typed(director: Client, bare: Study) -> None:
    save(bare, UNFINISHED)
    theirs = UNFINISHED + 'title = "Theirs"\n'
    save(bare, theirs, after=1, by="Ben")
    mine = UNFINISHED + 'title = "Mine"\n'
    page = director.post(HOME + "text/", {"text": mine, "after": 1})
    assert page.status_code == 409
    assert "Ben saved version 2 while you were writing" in page.text
    assert "title = &quot;Theirs&quot;" in page.text
    assert "title = &quot;Mine&quot;" in page.text
    assert 'name="after" value="2"' in page.text
    assert director.post(HOME + "text/", {"text": mine, "after": 2}).status_code == 302  # seen, and decided
    assert newest(bare) == mine


def test_a_conflict_with_a_first_version_shows_all_of_it(director: Client, bare: Study) -> None:
    save(bare, UNFINISHED, by="")
    page = director.post(HOME + "text/", {"text": "mine", "after": 0})
    assert (page.status_code, "Somebody saved version 1" in page.text) == (409, True)


def test_a_form_without_its_version_is_not_saved(director: Client, bare: Study) -> None:
    page = director.post(HOME + "text/", {"text": UNFINISHED, "after": "x"})
    assert page.status_code == 200
    assert not ProtocolVersion.objects.exists()


def test_a_version_shows_its_difference_and_one_can_go_back(director: Client, bare: Study) -> None:
    save(bare, UNFINISHED)
    save(bare, UNFINISHED.replace("small", "large"), after=1)
    first, second = (director.get(f"{HOME}versions/{number}/") for number in (1, 2))
    assert "Go back to this version" in first.text
    assert "Go back to this version" not in second.text
    assert "New: </span>id = &quot;large&quot;" in second.text
    assert "Taken away: </span>id = &quot;small&quot;" in second.text
    assert director.post(f"{HOME}versions/1/back/").status_code == 302
    assert newest(bare) == UNFINISHED
    assert len(queries.versions(bare.programme)) == 3
    assert director.get(f"{HOME}versions/9/").status_code == 404


def test_going_back_after_the_lock_is_refused_with_the_hash(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL.replace("cap = 6", "cap = 8"))
    save(bare, PROTOCOL, after=1)
    bare.text("What this is: a test.")
    actions.lock(programme=bare.programme, actor=DIRECTOR, now=NOW, test_entropy="x")
    page = director.post(f"{HOME}versions/1/back/")
    assert page.status_code == 422
    assert "Say why the protocol changes" in page.text


def test_who_may_read_and_who_may_write(member: Callable[[str], Client], bare: Study) -> None:
    save(bare, PROTOCOL)
    for role in ("coordinator", "statistician"):
        client = member(role)
        assert "Its parts" not in client.get(HOME).text
        assert client.get(HOME + "read/").status_code == 200
        assert client.get(HOME + "versions/1/").status_code == 200
        assert client.get(HOME + "text/").status_code == 403
        assert client.post(HOME + "begin/", {"begin": "kiser2024"}).status_code == 403
    assert member("participant").get(HOME).status_code == 403
    bare_page = member("coach").get(HOME)
    assert bare_page.status_code == 403


def test_before_anyone_began_there_is_nothing_to_print(member: Callable[[str], Client], bare: Study) -> None:
    client = member("coordinator")
    assert "A director writes it." in client.get(HOME).text
    assert "Nobody has begun to write it." in client.get(HOME + "read/").text
    assert client.get(HOME + "protocol.toml").text == ""
    save(bare, UNFINISHED)
    assert "A protocol that is not finished" in client.get(HOME + "read/").text


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        ('scheme = "big-stick"', "until one arm is ahead by 3 in its stratum"),
        ('scheme = "permuted-blocks"\nsizes = [4, 6]\nmode = "batch"', "of a size drawn from 4, 6"),
        ('scheme = "simple"', "A fair coin each time."),
        ('scheme = "minimisation"', "with a probability of 0.8 (minimisation, by range)"),
    ],
)
def test_the_print_says_how_is_drawn(director: Client, bare: Study, scheme: str, sentence: str) -> None:
    save(bare, shipped_protocol("dyrbye2019").replace('scheme = "big-stick"\nmti = 3', scheme))
    page = director.get(HOME + "read/")
    assert sentence in page.text
    assert "no coaching" in page.text

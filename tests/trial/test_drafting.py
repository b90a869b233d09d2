"""From an empty page to a protocol: every draft kept, nobody overwritten, what was typed never lost."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.science.allocation import Minimisation
from confrere.trial import actions, queries
from confrere.trial.actions.drafting import keep
from confrere.trial.editing import STEPS, Step, step_of
from confrere.trial.models import ProtocolVersion, Trial
from confrere.trial.protocol import load_protocol, shipped_protocol, write_protocol
from confrere.vault.refusals import Refusal

FORM = "application/x-www-form-urlencoded"
HOME = "/p/peer/trial/protocol/"
UNFINISHED = '[trial]\nid = "small"\n'


@pytest.fixture
def member(bare: Study) -> Callable[[str], Client]:
    """A signed-in person with a role."""

    def member(role: str, name: str = "") -> Client:
        now = timezone.now()
        email = f"{name or role}@example.org".lower()
        person = people.create_account(email=email, name=name or role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=bare.programme, role=role, now=now, actor=DIRECTOR)
        client = Client()
        client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return member


@pytest.fixture
def director(member: Callable[[str], Client]) -> Client:
    return member("director")


def save(study: Study, text: str, after: int = 0, by: str = "Ada") -> int:
    return actions.save_draft(
        programme=study.programme, site=study.site, text=text, after=after, by=by, actor=DIRECTOR, now=NOW
    )


def newest(study: Study) -> str:
    found = queries.newest_version(study.programme)
    assert found is not None
    return found.text


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


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_writing_what_was_read_changes_nothing(name: str) -> None:
    data = tomllib.loads(shipped_protocol(name))
    assert tomllib.loads(write_protocol(data)) == data
    assert load_protocol(write_protocol(data)) == load_protocol(shipped_protocol(name))


def test_strange_texts_survive_the_writer() -> None:
    data: dict[str, Any] = {
        "other": {"a b": '\x7f"\\\n\t\u2028é', "n": [], "t": True, "f": 0.5, "deep": [[1, 2], [{"x": 1}]]},
        "trial": {"id": "x", "long": ["y" * 60, "z" * 60]},
    }
    assert tomllib.loads(write_protocol(data)) == data
    assert write_protocol(data).startswith("[trial]")


def posts(step: Step, table: Mapping[str, Any], data: dict[str, Any]) -> QueryDict:
    """What a browser sends of a step's form that shows this table, filled in by a person."""
    form = step.form(None, table=dict(table), data=data)
    sent = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        shown = bound.field.widget.value_from_datadict  # every widget of ours sends what it shows
        assert callable(shown)
        if isinstance(value, bool):
            if value:
                sent[bound.name] = "on"
        elif isinstance(value, list):
            sent.setlist(bound.name, [str(one) for one in value])
        elif value is not None:
            sent[bound.name] = str(value)
    return sent


def typed(name: str) -> Iterator[tuple[str, QueryDict]]:
    """Every form of a shipped protocol as it is sent, in the order of the steps, with its address."""
    data = tomllib.loads(shipped_protocol(name))
    for step in STEPS:
        if not step.at:
            yield f"{step.slug}/", posts(step, data, data)
        for number, table in enumerate(step.items(data), 1):
            yield f"{step.slug}/{number}/", posts(step, table, data)


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_the_forms_alone_build_the_shipped_protocols(director: Client, bare: Study, name: str) -> None:
    for address, sent in typed(name):
        page = director.post(f"{HOME}parts/{address}", sent.urlencode(), content_type=FORM)
        assert page.status_code == 302, (address, page.text)
    built, shipped = load_protocol(newest(bare)), load_protocol(shipped_protocol(name))
    assert replace(built, sha256="") == replace(shipped, sha256="")


@pytest.mark.parametrize("name", ["kiser2024", "dyrbye2019"])
def test_forms_that_are_sent_as_they_are_shown_change_nothing(director: Client, bare: Study, name: str) -> None:
    save(bare, shipped_protocol(name))
    for address, sent in typed(name):
        page = director.post(f"{HOME}parts/{address}", sent.urlencode(), content_type=FORM)
        assert page.status_code == 302, (address, page.text)
    assert load_protocol(newest(bare)) == load_protocol(shipped_protocol(name))


def test_every_step_opens_empty_and_full(director: Client, bare: Study) -> None:
    for _round in ("empty", "full"):
        for step in STEPS:
            assert director.get(f"{HOME}parts/{step.slug}/").status_code == 200
            if step.at:
                assert director.get(f"{HOME}parts/{step.slug}/1/").status_code == 200
        if not ProtocolVersion.objects.exists():
            save(bare, shipped_protocol("kiser2024"))
    for nowhere in ("nowhere/", "nowhere/1/", "trial/1/", "arms/0/", "arms/4/"):
        assert director.get(f"{HOME}parts/{nowhere}").status_code == 404


def test_a_table_moves_up_and_goes_away(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    director.post(HOME + "parts/questions/3/", {"act": "up"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "again", "medicine"]
    director.post(HOME + "parts/questions/1/", {"act": "up"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "again", "medicine"]
    director.post(HOME + "parts/questions/2/", {"act": "delete"})
    assert [one["name"] for one in tomllib.loads(newest(bare))["questions"]] == ["gender", "medicine"]


def test_a_form_that_is_wrong_keeps_what_was_typed(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    page = director.post(HOME + "parts/arms/1/", {"name": "Coaching", "title": "Mine", "ratio": "0"})
    assert page.status_code == 422
    assert "A small letter first" in page.text
    assert 'value="Mine"' in page.text
    assert newest(bare) == PROTOCOL


def test_a_step_that_somebody_overtook_is_shown_again(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    save(bare, PROTOCOL.replace("cap = 6", "cap = 8"), after=1, by="Ben")
    sent = {"name": "coaching", "title": "Mine", "ratio": "1", "seen": "1"}
    page = director.post(HOME + "parts/arms/1/", sent)
    assert (page.status_code, "Ben saved version 2" in page.text) == (409, True)
    assert director.post(HOME + "parts/arms/1/", sent | {"seen": "2"}).status_code == 302
    read = load_protocol(newest(bare))
    assert (read.cap, read.arm("coaching").title) == (8, "Mine")  # theirs and mine
    single = {"consent__document": "x", "consent__version": "2", "seen": "1"}
    assert director.post(HOME + "parts/consent/", single).status_code == 409


@pytest.mark.parametrize(
    ("address", "sent", "sentence"),
    [
        ("waves/1/", {"instruments": "pfy"}, "pfy is not known. Did you mean pfi?"),
        ("waves/1/", {"questions": "gendr"}, "gendr is not known. Did you mean gender?"),
        ("waves/1/", {"reminders": "7, soon"}, "Whole numbers are expected here"),
        ("questions/1/", {"options": "only = One"}, "Two or more answers are needed."),
        ("questions/1/", {"options": "a = A\na = B"}, "Two answers have the code a."),
        (
            "draw/",
            {"allocation__scheme": "permuted-blocks", "allocation__mode": "rolling"},
            "Say the sizes of the blocks",
        ),
        (
            "draw/",
            {"allocation__scheme": "minimisation", "allocation__mode": "batch"},
            "Minimisation draws one person after the other.",
        ),
        ("draw/", {"strata": "gendr"}, "gendr is no question with one answer. Did you mean gender?"),
        ("board/", {"irb__approved": "soon"}, "Enter a valid date."),
    ],
)
def test_what_a_form_refuses(director: Client, bare: Study, address: str, sent: dict[str, str], sentence: str) -> None:
    save(bare, PROTOCOL)
    page = director.post(f"{HOME}parts/{address}", sent)
    assert (page.status_code, sentence in page.text) == (422, True)


def test_what_a_form_refuses_when_nothing_is_there_yet(director: Client, bare: Study) -> None:
    assert "There is none yet." in director.post(HOME + "parts/waves/1/", {"questions": "gender"}).text
    assert "There is none yet." in director.post(HOME + "parts/draw/", {"strata": "gender"}).text


def test_answers_get_a_code_and_numbers_stay_whole(director: Client, bare: Study) -> None:
    sent = {"name": "again", "text": "Again?", "kind": "choice", "options": "Very good!\n\nno = No\n…"}
    assert director.post(HOME + "parts/questions/1/", sent).status_code == 302
    sent = {"name": "years", "text": "Years?", "kind": "number", "low": "0", "high": "70.5", "required": "on"}
    assert director.post(HOME + "parts/questions/2/", sent).status_code == 302
    first, second = tomllib.loads(newest(bare))["questions"]
    assert first["options"] == {"very_good": "Very good!", "no": "No", "_": "…"}
    assert (first["required"], second["low"], second["high"]) == (False, 0, 70.5)


def test_minimisation_is_chosen_in_the_editor(director: Client, bare: Study) -> None:
    save(bare, PROTOCOL)
    address = HOME + "parts/draw/"
    sent = {
        "allocation__scheme": "minimisation",
        "allocation__mode": "rolling",
        "allocation__mti": "2",
        "allocation__probability": "0.9",
        "allocation__measure": "variance",
        "strata": "gender",
    }
    assert director.post(address, sent).status_code == 302
    assert tomllib.loads(newest(bare))["allocation"] == {
        "scheme": "minimisation",
        "probability": 0.9,
        "measure": "variance",
    }
    assert load_protocol(newest(bare)).scheme == Minimisation(90, "variance")
    sent |= {"allocation__probability": "", "allocation__measure": "range"}
    assert director.post(address, sent).status_code == 302
    assert load_protocol(newest(bare)).scheme == Minimisation(80, "range")
    assert director.post(address, sent | {"allocation__probability": "1"}).status_code == 422
    sent |= {"allocation__scheme": "simple", "allocation__probability": "0.7"}
    assert director.post(address, sent).status_code == 302
    assert tomllib.loads(newest(bare))["allocation"] == {"scheme": "simple"}


def test_what_is_emptied_leaves_no_table_behind(director: Client, bare: Study) -> None:
    assert director.post(HOME + "parts/board/", {"irb__number": "7"}).status_code == 302
    assert tomllib.loads(newest(bare)) == {"irb": {"number": "7"}}
    assert director.post(HOME + "parts/board/", {}).status_code == 302
    assert tomllib.loads(newest(bare)) == {}


def test_a_value_where_a_table_belongs_is_replaced(director: Client, bare: Study) -> None:
    save(bare, 'irb = 7\narms = "none"\nquestions = [1]\nsessions = 3\nallocation = 1\nstrata = [1]\nwaves = [1]\n')
    assert director.post(HOME + "parts/board/", {"irb__number": "7"}).status_code == 302
    for step in STEPS:
        assert director.get(f"{HOME}parts/{step.slug}/").status_code == 200


CARRY = HOME + "parts/places/"


def test_how_many_the_coaches_carry(director: Client, bare: Study) -> None:
    assert "Write the arms and the sessions first." in director.get(CARRY).text
    save(bare, shipped_protocol("kiser2024"))
    assert "Coach hours after the wave month3" in director.get(CARRY).text
    page = director.get(CARRY, {"hours_0": "448.5", "hours_1": "461.5"})
    assert "At most 138 places: they need 448.5, 448.5 coach hours." in page.text
    assert "First to run out: coach hours from the draw on." in page.text
    assert "Chance may put up to 12 more into one arm: keep 78 hours in hand." in page.text
    assert "At most" not in director.get(CARRY, {"hours_0": "448.5", "hours_1": "-1"}).text


def test_a_coin_is_told_without_a_lead(director: Client, bare: Study) -> None:
    save(bare, shipped_protocol("kiser2024").replace('"big-stick"\nmti = 3', '"simple"'))
    page = director.get(CARRY, {"hours_0": "448.5", "hours_1": "461.5"})
    assert "At most 138 places" in page.text
    assert "Chance may put" not in page.text


def test_an_instrument_that_nobody_knows_measures_nothing(director: Client, bare: Study) -> None:
    save(bare, '[[waves]]\ninstruments = ["nothing", "qol_vas"]\n')
    page = director.get(HOME + "parts/outcomes/1/")
    assert 'value="qol_vas|quality_of_life||continuous"' in page.text
    assert "nothing|" not in page.text


def test_step_of_knows_only_steps() -> None:
    assert step_of("trial") is STEPS[0]
    assert step_of("nowhere") is None

"""A corpus is loaded whole, once, and only where all people are simulated."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from confrere.cli import main
from confrere.lounge import actions
from confrere.lounge.corpus import Corpus, CorpusTrouble
from confrere.lounge.models import Post, Question
from confrere.people import actions as people
from confrere.vault.refusals import Refusal

TOPICS = "1\t1\t2\tAlpha beta\t1700000000\n2\t2\t1\tGamma\t1700000500\n"
POSTS = (
    "1\t1\t2\t1700000000\tFirst torsadox.\n"
    "2\t1\t1\t1700000900\tSecond.\n"
    "3\t2\t1\t1700000500\tThird.\n"
    "4\t2\t3\t1700000600\tFourth.\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "topics.tsv").write_text(TOPICS)
    (tmp_path / "posts.tsv").write_text(POSTS)
    return tmp_path


@pytest.mark.django_db
def test_a_corpus_becomes_questions_and_answers(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lounge", "load", str(corpus), "--cookie"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[:4] == ["members 4", "questions 2", "posts 4", "lounge /p/corpus/lounge/"]
    alpha, gamma = Question.objects.order_by("pk")
    assert (alpha.title, alpha.answers, alpha.last, alpha.moved_at.timestamp()) == ("Alpha beta", 1, 1, 1700000900)
    texts = Post.objects.order_by("pk").values_list("question", "number", "text", "html")
    assert [(asked, number, text) for asked, number, text, _html in texts] == [
        (alpha.pk, 0, "First torsadox."),
        (gamma.pk, 0, "Third."),
        (gamma.pk, 1, "Fourth."),
        (alpha.pk, 1, "Second."),
    ]
    assert texts[0][3] == "<p>First torsadox.</p>\n"
    name, _is, value = said[4].partition("=")
    reader = Client()
    reader.cookies[name] = value
    assert "Alpha beta" in reader.get("/p/corpus/lounge/").content.decode()
    found = reader.get("/p/corpus/lounge/search/?q=torsadox").content.decode()
    assert "<mark>torsadox</mark>" in found


@pytest.mark.slow
@pytest.mark.django_db
def test_a_long_load_says_how_far_it_is(corpus: Path) -> None:
    many = (f"{number}\t2\t{number}\t{1700000500 + number}\tText.\n" for number in range(4, 501))
    (corpus / "posts.tsv").write_text(POSTS + "".join(many))
    said: list[str] = []
    found = actions.load(folder=corpus, now=datetime(2026, 3, 3, tzinfo=UTC), tell=said.append)
    assert said[0] == "500 of 500 members"
    assert found.members == 501


@pytest.mark.django_db
def test_a_second_corpus_is_refused(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lounge", "load", str(corpus), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["posts"] == 4
    assert main(["lounge", "load", str(corpus)]) == 2
    assert "lies in this database already" in capsys.readouterr().err


@pytest.mark.django_db
def test_real_people_are_left_alone(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("lounge.rules", "people.actions.simulating"):  # the test server's databases are all simulated
        monkeypatch.setattr(f"confrere.{room}.simulated", lambda: False)
    assert main(["lounge", "load", str(corpus)]) == 2
    assert "made for simulated people" in capsys.readouterr().err
    assert Question.objects.count() == 0
    with pytest.raises(Refusal, match="may be real"):
        people.open_session(person=1, now=datetime(2026, 3, 3, tzinfo=UTC))


@pytest.mark.django_db
def test_a_file_that_is_no_corpus_is_refused_with_its_line(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "posts.tsv").write_text("1\t9\t2\t1700000000\tText.\n")
    assert main(["lounge", "load", str(corpus)]) == 2
    assert "posts.tsv, line 1: topic 9 is not in topics.tsv." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("topics", "posts", "why"),
    [
        ("1\t1\t2\tAlpha\n", POSTS, "topics.tsv, line 1: 4 columns, 5 were expected"),
        ("1\t1\ttwo\tAlpha\t1700000000\n", POSTS, "“two” is no whole number"),
        (TOPICS, POSTS.partition("\n")[0] + "\n", "topics.tsv, line 2: this topic has no post"),
    ],
)
def test_what_is_wrong_is_said(corpus: Path, topics: str, posts: str, why: str) -> None:
    (corpus / "topics.tsv").write_text(topics)
    (corpus / "posts.tsv").write_text(posts)
    with pytest.raises(CorpusTrouble, match=why):
        Corpus(corpus)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusTrouble, match=r"topics\.tsv cannot be read"):
        Corpus(tmp_path)


def test_without_a_demo_there_is_nothing_to_load_into(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CONFRERE_DATABASE")
    monkeypatch.setenv("CONFRERE_DATA", str(tmp_path / "none"))
    assert main(["lounge", "load", str(corpus), "--cookie", "--json"]) == 2
    assert "no simulated programme on this machine yet" in capsys.readouterr().err

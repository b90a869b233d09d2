"""Names withheld: no row leads to the author, two keys open the name, and the author is told."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client

from confrere.lounge import actions, queries, seals
from confrere.lounge.models import KeyHolder, Mask, Post, Question, ReadMark, Unmasking
from confrere.people import actions as people
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.vault.audit import Actor
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
type Browse = Callable[[Standing], Client]
SECRET = "5" * 40


@pytest.fixture
def moderate(enter: Enter, now: datetime) -> Callable[[str], Standing]:
    def come(name: str) -> Standing:
        found = enter(name)
        people.grant_role(
            person=found.person, programme=found.programme, role=Role.MODERATOR, now=now, actor=Actor.system("test")
        )
        again = standing(person=found.person, programme="peers", now=now)
        assert again is not None
        return again

    return come


@pytest.fixture
def keys(moderate: Callable[[str], Standing], now: datetime) -> dict[int, tuple[Standing, str]]:
    """Both holders with what they wrote down."""
    holders = {1: moderate("first"), 2: moderate("second")}
    return {place: (who, actions.take_key(standing=who, place=place, now=now)) for place, who in holders.items()}


def withheld(asker: Standing, now: datetime) -> Question:
    return actions.ask(
        standing=asker, specialty="cardiology", title="Burnt out?", text="Who else", now=now, secret=SECRET
    )


def test_a_number_needs_both_keys() -> None:
    (outer, one), (inner, two) = seals.new_key(), seals.new_key()
    sealed = seals.seal(4711, outer=outer, inner=inner, bound="question 1")
    half = seals.open_outer(sealed, key=one.lower().replace("-", " "), bound="question 1")
    assert seals.open_inner(half, key=two, bound="question 1") == 4711
    for key, bound in ((two, "question 1"), (one, "question 2"), ("no key", "question 1"), ("A" * 52, "question 1")):
        with pytest.raises(seals.Sealed):
            seals.open_outer(sealed, key=key, bound=bound)
    with pytest.raises(seals.Sealed):
        seals.open_inner(half, key=one, bound="question 1")


def test_no_row_of_a_withheld_question_leads_to_its_author(
    enter: Enter, keys: dict[int, tuple[Standing, str]], browse: Browse
) -> None:
    asker = enter("asker")
    client = browse(asker)
    sent = {"specialty": "cardiology", "title": "Burnt out?", "text": "Who else", "withheld": "on"}
    asked = client.post("/p/peers/lounge/ask/", sent)
    question = Question.objects.get()
    assert asked.headers["Location"] == f"/p/peers/lounge/q/{question.pk}/way-back/"
    secret = client.cookies["withheld"].value
    assert secret in client.get(asked.headers["Location"]).content.decode()
    path = f"/p/peers/lounge/q/{question.pk}/"
    assert "Add what helps a specialist" in client.get(path).content.decode()
    post = Post.objects.get()
    assert (question.author_id, post.author_id, post.specialty) == (None, None, "")
    assert not ReadMark.objects.filter(question=question).exists()
    assert f"by:{asker.person}" not in str(post.search)
    events = Payload.objects.filter(body__contains="lounge.asked").values_list("body", flat=True)
    assert [f"person:{asker.person}" in body for body in events] == [False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(m)::text FROM lounge_mask m")
        (row,) = cursor.fetchone()
    assert secret not in row
    page = browse(enter("reader")).get(path).content.decode()
    assert "asker" not in page
    assert Mask.objects.get().pseudonym in page


def test_the_author_comes_back_and_keeps_one_pseudonym(
    enter: Enter, keys: dict[int, tuple[Standing, str]], browse: Browse, now: datetime
) -> None:
    asker, colleague = enter("asker"), enter("colleague")
    question = withheld(asker, now)
    answer = actions.answer(standing=colleague, question=question, text="I am.", source="", now=now)
    elsewhere = browse(asker)
    base = f"/p/peers/lounge/q/{question.pk}/"
    assert elsewhere.post(f"{base}accept/{answer.pk}/").status_code == 403
    assert elsewhere.post("/p/peers/lounge/come-back/", {"code": "nonsense"}).status_code == 422
    assert "Way-back code" in elsewhere.get("/p/peers/lounge/come-back/").content.decode()
    assert elsewhere.post("/p/peers/lounge/come-back/", {"code": SECRET[:20] + " " + SECRET[20:]}).status_code == 302
    assert elsewhere.post(f"{base}accept/{answer.pk}/").status_code == 302
    assert elsewhere.post(f"{base}describe/", {"setting": "ward"}).status_code == 302
    assert elsewhere.post(f"{base}poll/", {"choices": "yes\nno"}).status_code == 302
    assert elsewhere.post(f"{base}outcome/", {"text": "Better."}).status_code == 302
    assert elsewhere.post(base, {"text": "Thank you.", "withheld": "on"}).status_code == 302
    asking = Post.objects.get(question=question, number=0)
    changed = elsewhere.post(f"{base}p/{asking.pk}/edit/", {"title": "Burnt out?", "text": "Anybody else"})
    assert changed.status_code == 302
    own = Post.objects.filter(question=question, mask__isnull=False)
    assert {post.mask_id for post in own} == {Mask.objects.get().pk}
    assert own.count() == 3
    mine = own.get(kind="answer")
    with pytest.raises(Refusal, match="your own"):
        actions.accept(standing=asker, question=question, answer=mine, mask=Mask.objects.get(), now=now)


def test_a_specialty_is_shown_from_ten_members_on(
    enter: Enter, keys: dict[int, tuple[Standing, str]], now: datetime
) -> None:
    asker = enter("asker")
    assert withheld(asker, now).posts.get().specialty == ""
    for number in range(7):  # with the asker and the two holders ten
        enter(f"colleague{number}")
    assert withheld(asker, now).posts.get().specialty == "cardiology"


def test_two_holders_open_a_name_and_the_author_is_told(
    enter: Enter, keys: dict[int, tuple[Standing, str]], browse: Browse, now: datetime
) -> None:
    asker = enter("asker")
    question = withheld(asker, now)
    post = Post.objects.get(question=question)
    (first, key_1), (second, key_2) = keys[1], keys[2]
    asks, agrees = browse(first), browse(second)
    assert "open the name" in asks.get(f"/p/peers/lounge/q/{question.pk}/").content.decode()
    path = f"/p/peers/lounge/q/{question.pk}/p/{post.pk}/name/"
    assert "Ask to open a withheld name" in asks.get(path).content.decode()
    wrong = {"cause": "danger", "words": "A threat.", "key": key_2}
    assert asks.post(path, wrong).status_code == 422
    assert asks.post(path, wrong | {"key": key_1, "cause": "curiosity"}).status_code == 422
    assert agrees.post(path, wrong).status_code == 403
    assert asks.post(path, wrong | {"words": "   ", "key": key_1}).status_code == 422
    assert asks.post(path, wrong | {"key": key_1}).status_code == 302
    assert asks.post(path, wrong | {"key": key_1}).status_code == 409
    request = Unmasking.objects.get()
    assert "A threat." in agrees.get("/p/peers/lounge/names/").content.decode()
    opening = f"/p/peers/lounge/names/{request.pk}/"
    assert asks.post(opening, {"key": key_1}).status_code == 403
    assert agrees.post(opening, {"key": key_1}).status_code == 422
    assert Letter.objects.count() == 0
    assert "is asker" in agrees.post(opening, {"key": key_2}).content.decode()
    letter = Letter.objects.get()
    assert letter.to == "asker@physicians.example"
    assert "Burnt out" not in letter.body
    assert "Danger to somebody" in letter.body
    assert agrees.post(opening, {"key": key_2}).status_code == 409
    request.refresh_from_db()
    assert (request.agreed_by_id, bytes(request.half), str(request)) == (
        second.person,
        b"",
        f"unmasking {post.mask_id}",
    )
    assert "Opened by second" in agrees.get("/p/peers/lounge/names/").content.decode()


def test_where_the_law_forbids_it_nobody_is_told(
    enter: Enter, keys: dict[int, tuple[Standing, str]], now: datetime
) -> None:
    asker = enter("asker")
    withheld(asker, now)
    request = actions.ask_unmasking(
        standing=keys[1][0], mask=Mask.objects.get(), cause="order", words="An order.", silent="§ 1", key=keys[1][1],
        now=now,
    )  # fmt: skip
    assert actions.agree_unmasking(standing=keys[2][0], unmasking=request, key=keys[2][1], now=now) == "asker"
    assert Letter.objects.count() == 0


def test_without_a_reason_no_name_is_asked_for(
    enter: Enter, keys: dict[int, tuple[Standing, str]], now: datetime
) -> None:
    withheld(enter("asker"), now)
    with pytest.raises(Refusal, match="Say in a sentence") as no:
        actions.ask_unmasking(
            standing=keys[1][0], mask=Mask.objects.get(), cause="danger", words=" \n", silent="", key=keys[1][1],
            now=now,
        )  # fmt: skip
    assert no.value.status == 422
    assert not Unmasking.objects.exists()


def test_without_two_holders_no_name_is_withheld(
    enter: Enter, moderate: Callable[[str], Standing], browse: Browse, now: datetime
) -> None:
    asker, first = enter("asker"), moderate("first")
    with pytest.raises(Refusal, match="two moderators hold a key"):
        withheld(asker, now)
    assert "Withhold my name" not in browse(asker).get("/p/peers/lounge/ask/").content.decode()
    client = browse(first)
    assert "Nobody holds it" in client.get("/p/peers/lounge/names/").content.decode()
    page = client.post("/p/peers/lounge/names/key/1/").content.decode()
    assert "Write it down now" in page
    assert client.post("/p/peers/lounge/names/key/2/").status_code == 403
    assert client.post("/p/peers/lounge/names/key/3/").status_code == 422
    with pytest.raises(Refusal, match="Only moderators"):
        actions.take_key(standing=asker, place=2, now=now)
    held = KeyHolder.objects.get()
    assert str(held) == f"key 1 of {first.programme}"
    actions.take_key(standing=first, place=1, now=now)
    assert [bool(holder) for _place, holder in queries.holders(programme=first.programme)] == [True, False]


def test_only_a_withheld_name_can_be_opened(
    enter: Enter, keys: dict[int, tuple[Standing, str]], browse: Browse, now: datetime
) -> None:
    named = actions.ask(standing=enter("asker"), specialty="cardiology", title="x", text="", now=now)
    post = Post.objects.get(question=named)
    client = browse(keys[1][0])
    assert client.get(f"/p/peers/lounge/q/{named.pk}/p/{post.pk}/name/").status_code == 404
    assert client.post("/p/peers/lounge/names/999999/", {"key": "x"}).status_code == 404

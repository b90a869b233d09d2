"""Whom not to meet, first conversations, another coach, a search that leaves nothing behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.utils import timezone
from psycopg.errors import DeadlockDetected, ExclusionViolation
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions import conversing
from confrere.coaching.models import Coach, Conversation, Leeway, Occupied, Shunned
from confrere.coaching.shunning import digest, plain
from confrere.post.models import Letter
from confrere.vault.refusals import Refusal

WEEK, HALF, DAY = timedelta(days=7), timedelta(minutes=30), timedelta(days=1)
KIND = Shunned.Kind


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    person, page = house.coach()
    for week in range(4):
        house.offer(person, on=TUESDAY + week * WEEK)
    return person, page


def shun(house: House, person: int, *given: tuple[Shunned.Kind, str]) -> int:
    return actions.shun(programme=house.programme, site=house.site, person=person, given=given, now=NOW)


def seen(house: House, person: int) -> list[str]:
    return [each.name for each in queries.directory(programme=house.programme, person=person, room=None, now=NOW)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lindqvist, Dr. Éva", "eva lindqvist"), ("Department of Cardiology", "cardiology"), ("Dr.", "")],
)
def test_names_are_compared_by_the_words_that_tell(one: str, other: str) -> None:
    assert plain(one) == plain(other)


# what the participant gives, what stands on the coach's page | whether the coach is offered
CONFLICTS = [
    ([(KIND.NAME, "Dr. Lindqvist, Eva")], {}, False),
    ([(KIND.NAME, "Noor Haddad")], {}, True),
    ([(KIND.LINE, "Eva Lindqvist")], {}, False),  # the coach is the boss
    ([(KIND.LINE, "Carl Boss")], {"reports_to": "Carl Boss"}, False),  # one boss for both
    ([(KIND.NAME, "Carl Boss")], {"reports_to": "Carl Boss"}, True),
    ([(KIND.DIVISION, "Division of Cardiology")], {"division": "cardiology"}, False),
    ([(KIND.DIVISION, "Surgery")], {"division": "cardiology"}, True),
    ([], {"reports_to": "Ama Osei"}, False),  # the participant is the coach's boss
    ([], {"reports_to": "Carl Boss", "division": "cardiology"}, True),
]


@pytest.mark.parametrize(("given", "page", "offered"), CONFLICTS)
def test_a_conflict_of_interest_hides_the_page(
    house: House, coach: tuple[int, int], given: list[tuple[Shunned.Kind, str]], page: dict[str, str], offered: bool
) -> None:
    person = house.participant()
    Coach.objects.update(**page)
    if given:
        shun(house, person, *given)
    asked = {"programme": house.programme, "person": person, "now": NOW}
    assert (seen(house, person) == ["Eva Lindqvist"]) is offered
    assert (queries.page(coach=coach[1], **asked) is not None) is offered
    if not offered:
        with pytest.raises(Refusal) as caught:
            house.book(person, coach[1], TUESDAY)
        assert caught.value.status == 404


def test_what_is_kept_is_a_check_sum_of_this_programme(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    assert shun(house, person, (KIND.NAME, "Carl Boss"), (KIND.NAME, "Dr. Carl Boss")) == 1
    [row] = Shunned.objects.all()
    assert bytes(row.digest) == digest(programme=house.programme, domain="person", text="carl boss")
    assert bytes(row.digest) != digest(programme=house.programme + 1, domain="person", text="carl boss")
    assert queries.shunned(programme=house.programme, person=person) == 1
    assert actions.forget_shunned(programme=house.programme, person=person, now=NOW) == 1
    with pytest.raises(Refusal) as caught:
        shun(house, person, (KIND.NAME, "Dr."))
    assert caught.value.sentence == "Write a name that tells who is meant."
    with pytest.raises(Refusal) as caught:
        shun(house, person, *((KIND.NAME, f"name{number}") for number in range(21)))
    assert caught.value.sentence.startswith("At most 20 can be kept.")


def converse(house: House, person: int, page: int, *, week: int = 0, **more: object) -> int:
    asked: dict[str, object] = {"start": TUESDAY + week * WEEK, "key": uuid4(), "now": NOW, **more}
    return actions.converse(
        programme=house.programme,
        site=house.site,
        person=person,
        coach=page,
        **asked,  # type: ignore[arg-type]  # a table
    )


def test_a_first_conversation_takes_both_peoples_time_and_no_session(house: House, coach: tuple[int, int]) -> None:
    person, key = house.participant(), uuid4()
    number = converse(house, person, coach[1], key=key)
    assert converse(house, person, coach[1], key=key) == number
    assert {row.person_id for row in Occupied.objects.all()} == {person, coach[0]}
    assert {str(row) for row in Occupied.objects.all()} == {f"time of conversation {number}"}
    mine = queries.ledger(programme=house.programme, person=person, now=NOW)
    assert mine is not None
    assert mine.remaining == 6
    with pytest.raises(Refusal):
        house.book(house.participant("Ben Adler"), coach[1], TUESDAY)
    [talk] = queries.conversations(programme=house.programme, person=coach[0], now=NOW)
    assert (talk.other(person), talk.other(coach[0])) == ("Eva Lindqvist", "Ama Osei")
    assert {letter.subject for letter in Letter.objects.all()} == {"Appointment"}


def test_three_at_most_and_one_with_each(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    pages = [coach[1]]
    for name in ("Noor Haddad", "Ben Adler", "Zoe Kim"):
        other, page = house.coach(name)
        house.offer(other)
        pages.append(page)
    for number, page in enumerate(pages[:3]):
        converse(house, person, page, start=TUESDAY + number * HALF)
    with pytest.raises(Refusal) as caught:
        converse(house, person, pages[3], start=TUESDAY + 3 * HALF)
    assert caught.value.sentence.startswith("You have taken your 3 first conversations.")
    with pytest.raises(Refusal, match="with this coach already"):
        converse(house, person, pages[0], start=TUESDAY + 3 * HALF)
    first = Conversation.objects.order_by("pk")[0]
    actions.end_conversation(programme=house.programme, person=coach[0], conversation=first.pk, now=NOW)
    assert Leeway.objects.get().conversations == 2
    converse(house, person, pages[3], start=TUESDAY + 3 * HALF)
    with pytest.raises(Refusal):
        actions.end_conversation(programme=house.programme, person=person, conversation=first.pk, now=NOW)


def test_no_conversation_too_soon_without_a_grant_or_after_a_session(house: House, coach: tuple[int, int]) -> None:
    with pytest.raises(Refusal) as caught:
        converse(house, house.participant("Ben Adler", granted=False), coach[1])
    assert caught.value.sentence.startswith("A first conversation comes before sessions")
    person = house.participant()
    with pytest.raises(Refusal) as caught:
        converse(house, person, coach[1], start=NOW + HALF)
    assert caught.value.sentence.startswith("Choose a time from two hours ahead until")
    with pytest.raises(Refusal) as caught:
        converse(house, person, coach[1], start=TUESDAY + DAY)
    assert caught.value.sentence == "The time was just taken. Choose another one."
    house.book(person, coach[1], TUESDAY)
    with pytest.raises(Refusal) as caught:
        converse(house, person, coach[1], week=1)
    assert caught.value.sentence == "You work with this coach already. Book a session."


def test_a_conversation_that_began_is_not_called_off_and_is_forgotten_a_week_later(
    house: House, coach: tuple[int, int]
) -> None:
    person = house.participant()
    number = converse(house, person, coach[1])
    with pytest.raises(Refusal) as caught:
        actions.end_conversation(programme=house.programme, person=person, conversation=number, now=TUESDAY)
    assert caught.value.sentence == "This conversation has started."
    assert actions.forget_conversations(now=TUESDAY + WEEK) == 0
    assert actions.forget_conversations(now=TUESDAY + WEEK + HALF) == 1
    assert Occupied.objects.count() == 0


def test_the_clock_forgets_conversations(house: House, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    converse(house, house.participant(), coach[1])
    for moment, left in ((TUESDAY + WEEK, 1), (TUESDAY + WEEK + HALF, 0)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        conversing.forget_over()
        assert Conversation.objects.count() == left


@pytest.mark.parametrize("cause", [ExclusionViolation, DeadlockDetected])
def test_a_conversation_that_the_database_refuses_was_just_taken(
    house: House, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch, cause: type[Exception]
) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError from cause()

    monkeypatch.setattr(conversing, "lock_coach", refuse)
    with pytest.raises(Refusal) as caught:
        converse(house, house.participant(), coach[1])
    assert caught.value.sentence == "The time was just taken. Choose another one."


def test_a_conversation_hides_no_other_trouble_of_the_database(
    house: House, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise DatabaseError("disk")

    monkeypatch.setattr(conversing, "lock_coach", refuse)
    with pytest.raises(DatabaseError, match="disk"):
        converse(house, house.participant(), coach[1])


def test_a_coach_is_changed_once_without_asking(house: House, coach: tuple[int, int]) -> None:
    person = house.participant()
    others = []
    for name in ("Noor Haddad", "Zoe Kim"):
        other, page = house.coach(name)
        for week in range(4):
            house.offer(other, on=TUESDAY + week * WEEK)
        others.append(page)
    house.book(person, coach[1], TUESDAY)
    house.book(person, coach[1], TUESDAY + WEEK)
    left = actions.leave_coach(programme=house.programme, person=person, coach=coach[1], now=TUESDAY - HALF)
    assert left == (1, 1)  # the first is too near
    with pytest.raises(Refusal):
        actions.leave_coach(programme=house.programme, person=person, coach=others[0], now=NOW)
    house.book(person, others[0], TUESDAY + WEEK, now=NOW)
    with pytest.raises(Refusal) as caught:
        house.book(person, others[1], TUESDAY + 2 * WEEK)
    assert caught.value.sentence.startswith("You have changed your coach once.")
    staff = house.person("Cora Nunez", "coordinator")
    opened = {"programme": house.programme, "site": house.site, "actor": staff, "now": NOW}
    actions.open_change(person=person, **opened)
    house.book(person, others[1], TUESDAY + 2 * WEEK)
    with pytest.raises(Refusal):
        actions.open_change(person=staff, **opened)

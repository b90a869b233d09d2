"""Places, the waiting list, what follows by itself, and the end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.service.conftest import DAY, NOW, Running

from confrere.coaching import actions as coaching
from confrere.coaching import queries as coached
from confrere.coaching.models import Entitlement
from confrere.people import queries as people
from confrere.people.roles import Role
from confrere.service import actions, queries
from confrere.service.models import Agreement, Place
from confrere.service.states import PlaceState
from confrere.surveys.models import Response
from confrere.vault import days
from confrere.vault.actions import expire
from confrere.vault.refusals import Refusal


def end(running: Running, *, after: int = 1) -> None:
    actions.end_service(programme=running.programme, ends_on=(NOW + after * DAY).date(), actor=running.actor, now=NOW)


def test_who_asks_while_there_is_room_starts_at_once(running: Running) -> None:
    running.rolling()
    assert running.join(1) == "taken"
    person = running.person(1)
    ledger = coached.ledger(programme=running.programme, person=person, now=NOW)
    assert ledger is not None
    assert (ledger.minutes, ledger.since, ledger.until) == ((60, 60), days.floor(NOW), days.floor(NOW) + 31 * DAY)
    assert people.members_of(running.programme, Role.PARTICIPANT, NOW) == [person]
    assert Agreement.objects.get(person=person).name == "P. 1"
    waves = {row.wave: (row.opens, row.closes) for row in Response.objects.all()}
    begin = days.floor(NOW)
    assert waves == {
        "before": (begin, begin + 28 * DAY),
        "after": (begin + 31 * DAY, begin + 58 * DAY),
    }
    assert running.join(1) == "taken"
    assert (Place.objects.count(), Agreement.objects.count(), Response.objects.count()) == (1, 1, 2)
    running.catch_up(now=NOW)
    assert running.letters(1) == []  # the page said it


def test_when_full_one_waits_and_is_offered_what_becomes_free(running: Running) -> None:
    running.rolling()
    assert [running.join(number) for number in range(4)] == ["taken", "taken", "waiting", "waiting"]
    running.leave(0, now=NOW + DAY)
    assert (running.state(0), running.state(2), running.state(3)) == ("left", "offered", "waiting")
    running.catch_up(now=NOW + DAY)
    assert running.letters(2) == ["Something is free for you"]
    running.take(2, now=NOW + 2 * DAY)
    assert running.state(2) == "taken"
    place = queries.place_of(service=running.service, person=running.person(2))
    assert place is not None
    assert (place.since, place.until) == ((NOW + 2 * DAY).date(), (NOW + 32 * DAY).date())


def test_an_offer_moves_on_after_its_day_with_a_letter_to_both(running: Running) -> None:
    running.rolling(hours=2)
    for number in range(3):
        running.join(number)
    running.leave(0, now=NOW)
    running.catch_up(now=NOW + 5 * DAY)
    assert running.state(1) == "offered"
    for _round in range(2):
        running.catch_up(now=NOW + 6 * DAY)
    assert (running.state(1), running.state(2)) == ("lapsed", "offered")
    assert running.letters(1) == ["Something is free for you", "Your place has gone on"]
    assert running.letters(2) == ["Something is free for you"]
    with pytest.raises(Refusal, match="No place is kept for you"):
        running.take(1, now=NOW + 6 * DAY)
    assert running.join(1, now=NOW + 6 * DAY) == "waiting"


def test_an_offer_is_not_taken_after_its_day_even_before_the_worker_noticed(running: Running) -> None:
    running.rolling(hours=2)
    running.join(0)
    running.join(1)
    running.leave(0, now=NOW)
    with pytest.raises(Refusal, match="The place was kept until 2026-03-07"):
        running.take(1, now=NOW + 6 * DAY)


def test_a_rolling_seat_is_free_again_when_its_time_is_over(running: Running) -> None:
    running.rolling(hours=2)
    running.join(0)
    running.join(1)
    running.catch_up(now=NOW + 30 * DAY)
    assert running.state(1) == "waiting"
    running.catch_up(now=NOW + 31 * DAY)
    assert (running.state(0), running.state(1)) == ("done", "offered")
    assert running.join(0, now=NOW + 31 * DAY) == "done"  # once in a programme


def test_who_left_the_line_may_ask_again_and_who_left_coaching_may_not(running: Running) -> None:
    running.rolling(hours=2)
    running.join(0)
    running.join(1)
    running.leave(1, now=NOW)
    running.leave(1, now=NOW)
    assert running.join(1) == "waiting"
    running.leave(0, now=NOW + DAY)
    assert Entitlement.objects.get(person=running.person(0)).until <= NOW + DAY
    assert Response.objects.filter(stopped_at__isnull=False).count() == 2
    with pytest.raises(Refusal, match="You had a place in this programme"):
        running.join(0, now=NOW + 2 * DAY)
    with pytest.raises(Refusal) as refused:
        running.leave(9, now=NOW)
    assert refused.value.status == 404


def test_what_an_agreement_refuses(running: Running) -> None:
    running.prepare()
    running.intake()
    with pytest.raises(Refusal, match="not open yet"):
        running.join(1)
    running.open()
    told = {"programme": running.programme, "person": running.person(1), "now": NOW}
    terms = queries.terms(running.service)
    assert terms is not None
    with pytest.raises(Refusal, match="The text changed"):
        actions.join(version=2, sha256=terms.sha256, name="P.", **told)
    with pytest.raises(Refusal, match="type your name"):
        actions.join(version=1, sha256=terms.sha256, name=" ", **told)
    assert not Place.objects.exists()


def test_nobody_asks_between_two_cohorts(running: Running) -> None:
    running.cohorts(order="first-come")
    with pytest.raises(Refusal, match="Nobody can ask at the moment"):
        running.join(1, now=NOW + 8 * DAY)
    assert not Place.objects.exists()


def test_a_cohort_starts_together_and_takes_nobody_after_it_began(running: Running) -> None:
    running.cohorts(order="first-come")
    assert [running.join(number) for number in range(3)] == ["taken", "taken", "waiting"]
    place = queries.place_of(service=running.service, person=running.person(0))
    assert place is not None
    assert place.since == (NOW + 14 * DAY).date()
    running.leave(0, now=NOW + 12 * DAY)
    assert running.state(2) == "offered"
    kept = queries.place_of(service=running.service, person=running.person(2))
    assert kept is not None
    assert kept.offered_until == (NOW + 13 * DAY).date()  # no longer than until the day before the start
    running.catch_up(now=NOW + 14 * DAY)
    assert running.state(2) == "lapsed"
    running.leave(1, now=NOW + 15 * DAY)
    assert queries.standings(running.service).taken == 0


def test_who_waited_in_vain_waits_for_the_next_cohort_before_those_who_come(running: Running) -> None:
    running.cohorts(order="first-come", hours=2)
    assert [running.join(number) for number in range(3)] == ["taken", "waiting", "waiting"]
    running.intake(hours=2, opens=8, closes=20, starts=30)
    running.catch_up(now=NOW + 14 * DAY)
    assert (running.state(1), running.state(2)) == ("offered", "waiting")
    assert running.join(5, now=NOW + 15 * DAY) == "waiting"
    late = queries.place_of(service=running.service, person=running.person(5))
    assert late is not None
    assert queries.ahead_of(late) == 1


def test_a_crash_between_place_and_questions_is_made_good(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere.service.actions import joining

    running.rolling()
    with monkeypatch.context() as patch:
        patch.setattr(joining, "open_questions", lambda **_asked: None)
        running.join(1)
    assert not Response.objects.exists()
    running.catch_up(now=NOW + DAY)
    assert Response.objects.count() == 2
    assert Place.objects.get().asked


def test_a_service_that_asks_nothing_opens_no_questions(running: Running) -> None:
    running.rolling(instruments=[])
    running.join(1)
    assert not Response.objects.exists()
    running.leave(1, now=NOW)


def test_without_its_link_a_place_goes_on_without_questions(running: Running) -> None:
    from confrere.service.actions.asking import open_questions, stop_questions
    from confrere.vault.models import Link

    running.rolling()
    running.join(1)
    place = Place.objects.get()
    Response.objects.all().delete()
    Link.objects.all().delete()
    Place.objects.update(asked=False)
    open_questions(place=place.pk, now=NOW)
    assert Place.objects.get().asked
    stop_questions(place=place.pk, now=NOW)
    assert not Response.objects.exists()


def test_the_taken_letter_goes_to_whoever_did_not_see_it_on_a_page(running: Running) -> None:
    running.rolling()
    running.join(1)
    Place.objects.update(told="")
    running.catch_up(now=NOW)
    assert running.letters(1) == ["You can choose a time"]


def test_at_the_end_nobody_waits_and_who_has_a_place_keeps_it(running: Running) -> None:
    running.rolling(hours=2)
    running.join(0)
    running.join(1)
    end(running)
    assert (running.state(0), running.state(1), running.service.state) == ("taken", "left", "ended")
    with pytest.raises(Refusal, match="has ended"):
        running.join(2)
    running.leave(0, now=NOW)
    running.catch_up(now=NOW + DAY)
    assert running.state(1) == "left"
    with pytest.raises(Refusal, match="cannot be ended"):
        end(running)


def test_thirty_days_after_the_programme_nobody_had_a_place(running: Running) -> None:
    running.rolling()
    running.join(0)
    actions.make_report(programme=running.programme, actor=running.actor, now=NOW)
    end(running)
    expire(now=NOW + 31 * DAY)
    assert Place.objects.count() == 1
    assert actions.erase_places(now=NOW + 40 * DAY, held=frozenset({running.programme})) == 0
    expire(now=NOW + 40 * DAY)
    assert not Place.objects.exists()
    assert len(queries.reports(running.service)) == 1
    assert Agreement.objects.count() == 1


def test_the_database_itself_refuses_a_place_too_many(running: Running) -> None:
    running.rolling(hours=2)
    running.join(0)
    running.join(1)
    seat = Place.objects.get(state="taken").seat
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(state="waiting").update(state="taken", seat=seat)
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(state="waiting").update(state=PlaceState.TAKEN)


def test_the_worker_looks_after_every_open_service(running: Running) -> None:
    from confrere.service.actions import following

    running.rolling(now=NOW - timedelta(days=365))
    running.join(0, now=NOW - timedelta(days=365))
    following.follow_up_everywhere()
    assert running.state(0) == "done"
    actions.follow_up(id=running.programme)


def test_names_are_read_with_an_event(running: Running) -> None:
    running.rolling(hours=2)
    for number in range(3):
        running.join(number)
    told = {"programme": running.programme, "actor": running.actor, "now": NOW}
    assert actions.read_names(state="waiting", **told) == ["P. 1", "P. 2"]
    with pytest.raises(Refusal) as refused:
        actions.read_names(state="nowhere", **told)
    assert refused.value.status == 404


def test_a_person_coached_by_a_grant_by_hand_too_keeps_both(running: Running) -> None:
    running.rolling()
    running.join(0)
    coaching.grant(
        programme=running.programme,
        site=running.site,
        person=running.person(0),
        minutes=[60],
        since=NOW,
        until=NOW + 9 * DAY,
        source="coordinator",
        actor=running.actor,
        now=NOW,
    )
    assert queries.delivery(running.service).granted == 2

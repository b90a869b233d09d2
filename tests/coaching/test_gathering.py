"""Several people at one time: nobody is in two places, the last place is taken once, nothing of it stays."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries
from confrere.coaching.actions.gathering import one_place_each
from confrere.coaching.actions.paying import settle_one
from confrere.coaching.models import Booking, Circle, CircleMember, Gathering, LineKind, Occupied, PayLine, Shunned
from confrere.coaching.models.roster import Agreement, CoachFile
from confrere.people.models import Programme
from confrere.post.models import Letter
from confrere.vault import actions as vault
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

END = TUESDAY + timedelta(minutes=60)
SETTLED = END + timedelta(days=7)


@pytest.fixture
def coach(house: House) -> tuple[int, int]:
    return house.coach()


def offer(house: House, coach: int, *, places: int = 2, **more: object) -> int:
    asked = {"start": TUESDAY, "minutes": 60, "key": uuid4(), **more}
    return actions.offer_group(
        programme=house.programme, site=house.site, person=coach, places=places, now=NOW, **asked
    )


def join(house: House, person: int, group: int, *, now: object = NOW) -> None:
    actions.join_group(programme=house.programme, person=person, gathering=group, now=now)


def circle(house: House, supervisor: int, *members: int) -> int:
    return actions.form_circle(
        programme=house.programme, site=house.site, person=1, supervisor=supervisor, members=members, now=NOW
    )


def plan(house: House, supervisor: int, number: int, **more: object) -> int:
    asked = {"start": TUESDAY, "minutes": 90, "key": uuid4(), **more}
    return actions.plan_supervision(
        programme=house.programme, site=house.site, person=supervisor, circle=number, now=NOW, **asked
    )


def rates(house: House, **more: Decimal) -> None:
    actions.set_rate(
        programme=house.programme,
        site=house.site,
        person=1,
        since=NOW.date(),
        hourly=Decimal(200),
        stipend=Decimal(2500),
        currency="USD",
        cost_centre="",
        now=NOW,
        **more,
    )


def test_one_coach_and_several_physicians_meet_and_the_last_place_is_taken_once(
    house: House, coach: tuple[int, int]
) -> None:
    group = offer(house, coach[0])
    ama, ben, eve = (house.participant(name) for name in ("Ama Osei", "Ben Adler", "Eve Park"))
    join(house, ama, group)
    join(house, ama, group)  # twice is once
    join(house, ben, group)
    with pytest.raises(Refusal, match="All places in this group are taken"):
        join(house, eve, group)
    assert queries.names_in(number=group, leader=coach[0]) == ["Ama Osei", "Ben Adler"]
    (seen,) = queries.meetings(programme=house.programme, person=ama)
    assert (seen.others, seen.free, seen.mine) == (2, 0, True)
    assert queries.meeting(programme=house.programme, person=eve, number=group) is None
    actions.give_back(programme=house.programme, person=ama, gathering=group, now=NOW)
    join(house, eve, group)
    assert Occupied.objects.filter(gathering=group).count() == 3


def test_nobody_is_in_two_places(house: House, coach: tuple[int, int]) -> None:
    house.offer(coach[0])
    ama, ben = house.participant(), house.participant("Ben Adler")
    group = offer(house, coach[0])
    # The coach's hour is gone, for a session and for another group, and so is that of who joined.
    with pytest.raises(Refusal, match="just taken"):
        house.book(ama, coach[1], TUESDAY)
    with pytest.raises(Refusal, match="You have another appointment then"):
        offer(house, coach[0])
    other, page = house.coach("Ola Berg")
    house.offer(other)
    house.book(ben, page, TUESDAY - timedelta(minutes=30))
    with pytest.raises(Refusal, match="You already have an appointment"):
        join(house, ben, group)
    join(house, ama, group)
    with pytest.raises(Refusal, match="You already have an appointment"):
        house.book(ama, page, TUESDAY)
    assert Booking.objects.count() == 1


def test_one_form_makes_one_and_other_troubles_of_the_database_stay_what_they_are(
    house: House, coach: tuple[int, int]
) -> None:
    key = uuid4()
    assert offer(house, coach[0], key=key) == offer(house, coach[0], key=key)
    with pytest.raises(DatabaseError, match="other"), one_place_each("busy"):
        raise DatabaseError("other")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"minutes": 45}, "Choose the length from the list."),
        ({"start": NOW}, "at least two hours and at most a year"),
        ({"start": NOW + timedelta(days=400)}, "at least two hours and at most a year"),
        ({"places": 1}, "Offer between 2 and 12 places."),
    ],
)
def test_what_cannot_be_offered(house: House, coach: tuple[int, int], more: dict[str, int], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        offer(house, coach[0], **more)


def test_who_may_offer_and_who_may_join(house: House, coach: tuple[int, int]) -> None:
    with pytest.raises(Refusal, match="Write your page first"):
        offer(house, house.person("Ola Berg", "coach"))
    group = offer(house, coach[0])
    nobody = house.participant("Ben Adler", granted=False)
    for person, now, sentence in (
        (nobody, NOW, "for people to whom coaching is granted"),
        (house.participant(), TUESDAY - timedelta(minutes=30), "begins too soon"),
    ):
        with pytest.raises(Refusal, match=sentence):
            join(house, person, group, now=now)
    ama = house.participant("Ama Obi")
    actions.shun(
        programme=house.programme, site=house.site, person=ama, given=[(Shunned.Kind.NAME, "Eva Lindqvist")], now=NOW
    )
    for number in (
        group,
        group + 99,
        plan(house, coach[0], circle(house, coach[0], house.coach("Ola Berg")[0]), start=END),
    ):
        with pytest.raises(Refusal, match="There is nothing here"):
            join(house, ama, number)
    actions.put_up_agreement(programme=house.programme, site=house.site, person=1, text="We agree.", now=NOW)
    actions.invite_coach(programme=house.programme, site=house.site, person=1, coach=coach[0], now=NOW)
    lapsed = {"stage": "certified", "agreement": Agreement.objects.get(), "agreed_on": NOW.date(), "certificate": "acc"}
    yesterday = {"certified_on": NOW.date() - timedelta(days=9), "expires_on": NOW.date() - timedelta(days=1)}
    CoachFile.objects.update(**lapsed, **yesterday)
    with pytest.raises(Refusal, match="You take nobody new at the moment"):
        offer(house, coach[0], start=END)
    with pytest.raises(Refusal, match="takes no new participants"):
        join(house, house.participant("Eve Park"), group)


def test_what_its_people_may_do_when(house: House, coach: tuple[int, int]) -> None:
    group, ama = offer(house, coach[0]), house.participant()
    join(house, ama, group)
    asked = {"programme": house.programme, "gathering": group}
    for person in (ama, house.participant("Ben Adler")):
        with pytest.raises(Refusal, match="There is nothing here"):
            actions.call_off(**asked, person=person, now=NOW)
        with pytest.raises(Refusal, match="There is nothing here"):
            actions.took_place(**asked, person=person, held=True, now=END)
    with pytest.raises(Refusal, match="There is nothing here"):
        actions.give_back(**asked, person=coach[0], now=NOW)
    for verb, person in ((actions.give_back, ama), (actions.call_off, coach[0])):
        with pytest.raises(Refusal, match="This has begun"):
            verb(**asked, person=person, now=TUESDAY)
    for moment in (TUESDAY - timedelta(seconds=1), SETTLED):
        with pytest.raises(Refusal, match="once it has begun, and within a week"):
            actions.took_place(**asked, person=coach[0], held=True, now=moment)
    Letter.objects.all().delete()
    actions.call_off(**asked, person=coach[0], now=NOW)
    assert Occupied.objects.count() == 0
    told = list(Letter.objects.all())
    assert [("METHOD:CANCEL" in each.calendar, "STATUS:CANCELLED" in each.calendar) for each in told] == [
        (True, True)
    ] * 2
    assert not any(word in each.body + each.calendar for each in told for word in ("group", "Lindqvist", "coach"))


def test_the_entry_rises_when_a_place_is_given_back_and_stands_in_the_feed(
    house: House, coach: tuple[int, int]
) -> None:
    group, ama = offer(house, coach[0]), house.participant()
    token = actions.open_feed(programme=house.programme, site=house.site, person=ama, now=NOW)
    for minutes, verb in ((1, actions.join_group), (2, actions.give_back), (3, actions.join_group)):
        verb(programme=house.programme, person=ama, gathering=group, now=NOW + timedelta(minutes=minutes))
    mine = [each.calendar for each in Letter.objects.order_by("pk")][1:]
    assert [each.split("SEQUENCE:")[1].split("\r\n")[0] for each in mine] == ["60", "120", "180"]
    assert len({each.split("UID:")[1].split("\r\n")[0] for each in mine}) == 1
    (entry,) = queries.feed(token=token, now=NOW) or []
    assert (entry.start, entry.end, entry.attendee) == (TUESDAY, END, "")
    assert queries.feed(token=token, now=END) == []


def test_everybody_is_reminded_once(house: House, coach: tuple[int, int]) -> None:
    later = TUESDAY + timedelta(days=7)
    join(house, house.participant(), offer(house, coach[0], start=later))
    Letter.objects.all().delete()
    assert [actions.remind(now=later - timedelta(hours=hours)) for hours in (25, 24, 23)] == [0, 1, 0]
    assert ["http" in each.body for each in Letter.objects.all()] == [False, False]


def test_a_week_later_a_line_of_pay_is_all_that_is_left(house: House, coach: tuple[int, int]) -> None:
    rates(house, group_hourly=Decimal(250))
    group = offer(house, coach[0])
    join(house, house.participant(), group)
    empty = offer(house, coach[0], start=END)
    actions.took_place(programme=house.programme, person=coach[0], gathering=group, held=True, now=END)
    assert actions.settle_gatherings(now=SETTLED - timedelta(seconds=1)) == 0
    assert actions.settle_gatherings(now=SETTLED + timedelta(days=1)) == 2
    assert not Gathering.objects.filter(pk__in=[group, empty]).exists()
    assert Occupied.objects.count() == 0
    (line,) = queries.lines(programme=house.programme)
    assert (line.coach, line.kind, line.minutes, line.amount) == (coach[0], LineKind.GROUP, 60, Decimal(250))
    found = queries.cost(programme=house.programme, participants=1)
    assert found is not None
    assert found.coaching == Decimal(250)
    assert not settle_one(group, now=SETTLED)  # another worker was faster
    assert "settle_gathering" in Payload.objects.latest("pk").body


@pytest.mark.parametrize("paused", ["booking", "gathering"])
def test_it_waits_for_a_rate_and_for_the_end_of_a_hold(house: House, coach: tuple[int, int], paused: str) -> None:
    group = offer(house, coach[0])
    actions.took_place(programme=house.programme, person=coach[0], gathering=group, held=True, now=END)
    assert actions.settle_gatherings(now=SETTLED) == 0
    rates(house)
    asked = {"programme": house.programme, "now": NOW}
    number = vault.ask_hold(**asked, site=house.site, classes=[paused], reason="file 12/2026", person=1)
    vault.confirm_hold(**asked, hold=number, person=2)
    assert actions.settle_gatherings(now=SETTLED) == 0
    vault.ask_lift(**asked, hold=number, person=1)
    vault.lift_hold(**asked, hold=number, person=2)
    assert actions.settle_gatherings(now=SETTLED) == 1
    assert PayLine.objects.get().amount == Decimal(200)  # as any other hour


def test_supervision_keeps_everybodys_time_and_counts_for_each(house: House, coach: tuple[int, int]) -> None:
    rates(house, supervision_hourly=Decimal(0))
    other, third = house.coach("Ola Berg")[0], house.coach("Kim Lund")[0]
    actions.invite_coach(programme=house.programme, site=house.site, person=1, coach=other, now=NOW)
    number = circle(house, coach[0], other, third)
    (seen,) = queries.circles(programme=house.programme, person=third)
    assert (seen.supervisor_name, seen.members) == ("Eva Lindqvist", ["Kim Lund", "Ola Berg"])
    meeting = plan(house, coach[0], number)
    with pytest.raises(Refusal, match="Somebody in the group has another appointment"):
        plan(house, coach[0], number, start=END)
    with pytest.raises(Refusal, match="There is nothing here"):
        plan(house, other, number, start=TUESDAY + timedelta(days=1))
    actions.took_place(programme=house.programme, person=coach[0], gathering=meeting, held=True, now=END)
    with pytest.raises(Refusal, match="is being settled"):
        actions.end_circle(programme=house.programme, person=1, circle=number, now=END)
    assert actions.settle_gatherings(now=SETTLED + timedelta(days=1)) == 1
    lines = [(line.coach, line.kind, line.minutes, line.amount) for line in queries.lines(programme=house.programme)]
    assert sorted(lines) == [(each, LineKind.SUPERVISION, 90, Decimal(0)) for each in sorted((coach[0], other, third))]
    assert CoachFile.objects.get(person=other).supervision_days == [TUESDAY.date()]
    assert queries.cost(programme=house.programme, participants=1) is not None


def test_a_group_of_coaches_ends_with_what_it_planned(house: House, coach: tuple[int, int]) -> None:
    other = house.coach("Ola Berg")[0]
    number = circle(house, coach[0], other)
    plan(house, coach[0], number)
    actions.end_circle(programme=house.programme, person=1, circle=number, now=NOW)
    assert [each.objects.count() for each in (Circle, CircleMember, Gathering, Occupied)] == [0, 0, 0, 0]
    with pytest.raises(Refusal, match="There is nothing here"):
        actions.end_circle(programme=house.programme, person=1, circle=number, now=NOW)


def test_who_can_be_in_one(house: House, coach: tuple[int, int]) -> None:
    many = [house.person(f"Coach {each}", "coach") for each in range(13)]
    for supervisor, members, sentence in (
        (coach[0], (house.participant(),), "There is nothing here"),
        (coach[0], coach[:1], "not also one of the group"),
        (coach[0], (), "between one and twelve"),
        (coach[0], many, "between one and twelve"),
    ):
        with pytest.raises(Refusal, match=sentence):
            circle(house, supervisor, *members)


def test_another_sites_coordinator_ends_none(house: House, coach: tuple[int, int]) -> None:
    number = circle(house, coach[0], house.coach("Ola Berg")[0])
    asked = {"programme": house.programme, "person": 1, "circle": number, "now": NOW}
    with pytest.raises(Refusal, match="There is nothing here"):
        actions.end_circle(**asked, sites=frozenset([house.site + 1]))
    assert queries.circles(programme=house.programme, sites=frozenset([house.site + 1])) == []
    actions.end_circle(**asked, sites=frozenset([house.site]))


def test_who_is_removed_leads_nothing_and_is_in_no_supervision(house: House, coach: tuple[int, int]) -> None:
    other = house.coach("Ola Berg")[0]
    for each in (coach[0], other):
        actions.invite_coach(programme=house.programme, site=house.site, person=1, coach=each, now=NOW)
    led, own = circle(house, coach[0], other), circle(house, other, coach[0])
    plan(house, coach[0], led)
    kept = plan(house, other, own, start=TUESDAY + timedelta(days=1))
    actions.remove_coach(programme=house.programme, person=1, coach=coach[0], now=NOW)
    assert list(Gathering.objects.values_list("pk", flat=True)) == [kept]
    assert list(Occupied.objects.values_list("person", flat=True)) == [other]
    assert list(Circle.objects.values_list("pk", flat=True)) == [own]
    assert CircleMember.objects.count() == 0


def test_it_ends_with_the_programme(house: House, coach: tuple[int, int]) -> None:
    number = circle(house, coach[0], house.coach("Ola Berg")[0])
    plan(house, coach[0], number)
    Programme.objects.filter(pk=house.programme).update(ends_on=NOW.date())
    later = NOW + timedelta(days=40)
    assert actions.erase_gatherings(now=later, held=frozenset([house.programme])) == 0
    assert actions.erase_gatherings(now=later, held=frozenset()) > 0
    assert [each.objects.count() for each in (Circle, CircleMember, Gathering, Occupied)] == [0, 0, 0, 0]


def test_rows_say_what_they_are_and_the_database_keeps_them_whole(house: House, coach: tuple[int, int]) -> None:
    number = circle(house, coach[0], house.coach("Ola Berg")[0])
    meeting = Gathering.objects.get(pk=plan(house, coach[0], number))
    assert str(meeting) == f"supervision {meeting.pk}"
    assert str(Circle.objects.get()) == f"supervision by person {coach[0]}"
    assert str(CircleMember.objects.get()).endswith(f"in circle {number}")
    assert str(Occupied.objects.first()) == f"time of gathering {meeting.pk}"
    for wrong in ({"kind": "group"}, {"kind": "party"}, {"places": 13}, {"circle": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Gathering.objects.filter(pk=meeting.pk).update(**wrong)
    with pytest.raises(IntegrityError, match="time_is_booked_or_held"), transaction.atomic():
        Occupied.objects.update(held_until=NOW)

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries
from tests.study import DAY, DIRECTOR, NOW, PROTOCOL, Study

from confrere.coaching import actions as coaching
from confrere.coaching import queries as booked
from confrere.coaching.models import Said
from confrere.people import actions as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.trial import actions, queries
from confrere.trial.models import (
    Announcement,
    Consent,
    ConsentText,
    Place,
    Seat,
    Trial,
)

MORNING = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 in New York


@pytest.fixture
def hold_session(study: Study) -> Callable[[str, int], None]:
    """A first session takes place, booked and confirmed by coaching's own verbs."""
    coach = people.create_account(email="coach@example.org", name="C. Coach", zone="America/New_York", now=NOW)
    people.grant_role(person=coach, programme=study.programme, role="coach", now=NOW, actor=DIRECTOR)
    page = coaching.write_page(
        programme=study.programme,
        site=study.site,
        person=coach,
        biography="Internist.",
        focus="Transitions",
        languages="English",
        video_link="https://video.example.org/room",
        phone="",
        capacity=10,
        now=NOW,
    )

    def hold_session(study_id: str, days: int) -> None:
        start = MORNING + timedelta(days=days)
        coaching.offer_hours(
            programme=study.programme,
            person=coach,
            on=start.date(),
            starts=(start - timedelta(hours=4)).time(),
            ends=(start - timedelta(hours=2)).time(),
            zone="America/New_York",
            now=NOW,
        )
        person = study.persons[study_id]
        booking = coaching.book(programme=study.programme, person=person, coach=page, start=start, key=uuid4(), now=NOW)
        coaching.acknowledge(programme=study.programme, site=study.site, person=person, limits=None, now=NOW)
        for one in (person, coach):
            coaching.confirm_held(
                programme=study.programme,
                person=one,
                booking=booking,
                said=Said.HAPPENED,
                now=start + timedelta(hours=2),
            )

    return hold_session


@pytest.fixture
def told(study: Study, full: Callable[[], list[str]], hold_session: Callable[[str, int], None]) -> dict[str, list[str]]:
    """A whole trial: two of the coached have a session, one has none and is lost; the controls answer but one."""
    actions.announce(programme=study.programme, addresses=3247, actor=DIRECTOR, now=NOW - DAY)
    actions.announce(programme=study.programme, addresses=3247, actor=DIRECTOR, now=NOW - DAY)
    full()
    actions.catch_up(programme=study.programme, now=NOW)
    by_arm: dict[str, list[str]] = {"coaching": [], "control": []}
    for study_id, arm in queries.arms(programme=study.programme).items():
        by_arm[arm].append(study_id)
    for days, study_id in enumerate(by_arm["coaching"][1:]):
        hold_session(study_id, days)
    study.answer(by_arm["coaching"][1], wave="month3", now=NOW + 92 * DAY, again="yes")
    for study_id in by_arm["control"][1:]:
        study.answer(study_id, wave="month3", now=NOW + 92 * DAY)
    actions.withdraw(programme=study.programme, study_id=by_arm["coaching"][0], kind="questions", now=NOW + 30 * DAY)
    return by_arm


def test_one_list_says_what_happened(study: Study, told: dict[str, list[str]]) -> None:
    events = queries.events(programme=study.programme)
    coached, control = len(told["coaching"]), len(told["control"])
    assert Counter(event.kind for event in events) == {
        "mailed": 2,
        "consented": 6,
        "answered": 6 + 1 + control - 1,
        "allocated": 6,
        "session": coached - 1,
        "withdrew": 1,
    }
    dated = [event.at.date() for event in events if event.at is not None]
    assert dated == sorted(dated)
    assert {event.study_id for event in events if event.kind == "consented"} == set(study.persons)
    assert [event.detail for event in events if event.kind == "session"] == [1] * (coached - 1)


def test_sets_are_those_of_the_protocol(study: Study, told: dict[str, list[str]]) -> None:
    everyone = frozenset([*told["coaching"], *told["control"]])
    assert queries.analysis_set(programme=study.programme, name="itt") == everyone
    assert queries.analysis_set(programme=study.programme, name="modified_itt") == everyone - {told["coaching"][0]}
    with pytest.raises(KeyError):
        queries.analysis_set(programme=study.programme, name="per_protocol")


def test_the_flow_adds_up_with_every_loss_and_the_zeros(study: Study, told: dict[str, list[str]]) -> None:
    study.join(7)
    flow = queries.flow(programme=study.programme)
    assert [(box.name, box.count) for box in flow.common] == [("mailed", 3247), ("consented", 7), ("allocated", 6)]
    assert [(loss.reason, loss.count) for loss in flow.common[2].losses] == [
        ("on the waiting list", 1),
        ("baseline not complete yet, place held", 0),
        ("baseline not complete, place lapsed", 0),
        ("withdrew before the draw", 0),
        ("no place asked for yet", 0),
    ]
    coaching_, control = flow.arms
    n, m = len(told["coaching"]), len(told["control"])
    assert {box.name: box.count for box in coaching_.boxes} == {
        "allocated": n,
        "started": n - 1,
        "answered_month3": 1,
    }
    assert [tally.count for tally in coaching_.analysed] == [n - 1, n]
    assert {box.name: box.count for box in control.boxes} == {
        "allocated": m,
        "answered_month3": m - 1,
    }
    assert [tally.count for tally in control.analysed] == [m, m]
    assert [tally.losses[0].count for tally in coaching_.analysed] == [1, 0]
    unsaid = "no time 0, it did not suit them 0, worried about privacy 0, left the institution 0, another reason 0"
    assert coaching_.boxes[0].notes == (
        f"0 left coaching ({unsaid}, not said 0)",
        f"1 want no further questions ({unsaid}, not said 1)",
        f"0 took answers back ({unsaid}, not said 0)",
    )


def test_before_anyone_came_the_flow_is_all_zeros(study: Study) -> None:
    flow = queries.flow(programme=study.programme)
    assert {box.count for box in [*flow.common, *(box for arm in flow.arms for box in arm.boxes)]} == {0}


def test_more_consents_than_addresses_leave_the_mailing_out(study: Study) -> None:
    actions.announce(programme=study.programme, addresses=1, actor=DIRECTOR, now=NOW)
    study.join(1)
    study.join(2)
    assert [box.name for box in queries.flow(programme=study.programme).common] == ["consented", "allocated"]


def test_a_trial_without_strata_has_one(bare: Study) -> None:
    start, end = PROTOCOL.index("[[strata]]"), PROTOCOL.index("[sessions]")
    bare.open(PROTOCOL[:start] + PROTOCOL[end:])
    bare.enrol(1)
    [row] = queries.allocated(programme=bare.programme)
    assert (row.strata, row.sessions, row.answered) == ({}, 0, {"baseline": True, "month3": False})


def test_sets_may_ask_for_strata(bare: Study) -> None:
    rule = "keep = \"gender == 'woman' and medicine == 'yes' and answered_baseline == 1\""
    bare.open(PROTOCOL.replace('title = "Intention to treat"\n', f'title = "Intention to treat"\n{rule}\n'))
    wanted = bare.enrol(1)
    bare.enrol(2, gender="man")
    assert queries.analysis_set(programme=bare.programme, name="itt") == {wanted}


@pytest.mark.parametrize("number", [1, 3])
def test_reading_all_who_were_allocated_takes_the_same_queries(
    study: Study, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for each in range(number):
        study.enrol(each)
    with django_assert_num_queries(7):
        queries.allocated(programme=study.programme)


def standing(study: Study, person: int, *roles: Role) -> Standing:
    return Standing(
        person=person,
        name="P",
        zone="America/New_York",
        programme=study.programme,
        programme_slug=study.slug,
        programme_name="Peer coaching",
        site=study.site,
        roles=frozenset(roles),
        sites=frozenset({study.site}),
    )


def cards(study: Study, person: int, *roles: Role) -> list[str]:
    return [card.sentence for card in queries.today(standing=standing(study, person, *roles), now=NOW)]


def test_the_home_page_of_a_participant(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    waiting = study.persons[study.join(7)]
    study.join(8)
    assert cards(study, waiting, Role.PARTICIPANT) == [
        "You are number 1 on the waiting list. We write to you when a place is free."
    ]
    shown = {study.arm(one): cards(study, study.persons[one], Role.PARTICIPANT) for one in ids}
    assert shown == {"coaching": [], "control": ["It starts after the survey “Three months”, by itself."]}
    study.text("Other words.")
    assert "new version" in cards(study, waiting, Role.PARTICIPANT)[0]


def test_once_coaching_is_open_the_home_page_no_longer_says_that_it_will_be(
    study: Study, full: Callable[[], list[str]]
) -> None:
    delayed = next(one for one in full() if study.arm(one) == "control")
    later = NOW + timedelta(days=92)
    study.answer(delayed, wave="month3", now=later)
    actions.catch_up(programme=study.programme, now=later)
    assert cards(study, study.persons[delayed], Role.PARTICIPANT) == []


def test_the_home_page_of_the_team(bare: Study) -> None:
    assert cards(bare, 1, Role.DIRECTOR) == []
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=NOW)
    assert cards(bare, 1, Role.DIRECTOR) == ["The protocol is a draft. Nobody can join before it is locked."]
    assert cards(bare, 1, Role.PARTICIPANT) == []
    bare.open()
    bare.enrol(1)
    bare.join(2)
    assert cards(bare, 1, Role.COORDINATOR) == ["1 of 6 places are final, 1 are held, 0 wait; 2 have consented."]
    assert cards(bare, 1, Role.LEADER) == []


def test_sessions_of_a_person_without_a_study_id_are_not_counted(study: Study) -> None:
    coaching.grant(
        programme=study.programme,
        site=study.site,
        person=study.person(50),
        minutes=[60],
        since=NOW,
        until=NOW + DAY,
        actor=DIRECTOR,
        now=NOW,
    )
    assert booked.delivered(programme=study.programme)
    assert queries.sessions_of(queries.required(study.programme)) == {}


def test_boxes_after_the_draw_lead_to_nobody(study: Study) -> None:
    with pytest.raises(KeyError):
        queries.persons_in(queries.required(study.programme), "started", None)


def test_rows_say_what_they_are(study: Study) -> None:
    study_id = study.join(1)
    assert str(Trial.objects.get()) == f"trial of {study.programme}"
    assert str(ConsentText.objects.get()) == "consent text 1"
    assert str(Consent.objects.get()).startswith("consent ")
    assert str(Seat.objects.order_by("number").first()) == "seat 1"
    assert str(Place.objects.get()) == f"{study_id} held"
    assert not Announcement.objects.exists()

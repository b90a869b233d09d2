"""From an invitation to a coach, and back, through the actions."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.coaching.conftest import NOW, TUESDAY, House

from confrere.coaching import actions, queries, words
from confrere.coaching.joining import waits_for
from confrere.coaching.models import (
    STAGES,
    Booking,
    Certificate,
    CoachFile,
    Complaint,
    Hours,
    PayLine,
    Stage,
    State,
    Waiting,
)
from confrere.coaching.queries import File
from confrere.post.models import Letter
from confrere.vault.refusals import Refusal

TODAY = NOW.date()
DAY = timedelta(days=1)


class Office:
    """A coordinator's hands."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.person = house.person("Cora Nunez", "coordinator")

    def invite(self, coach: int) -> None:
        actions.invite_coach(
            programme=self.house.programme, site=self.house.site, person=self.person, coach=coach, now=NOW
        )

    def agree(self, coach: int) -> None:
        digest = actions.put_up_agreement(
            programme=self.house.programme, site=self.house.site, person=self.person, text=words.agreement(), now=NOW
        )
        actions.sign_agreement(programme=self.house.programme, person=coach, digest=digest, now=NOW)

    def certify(self, coach: int, *, given: date = TODAY, until: date = TODAY + 365 * DAY) -> bool:
        return actions.certify(
            programme=self.house.programme,
            site=self.house.site,
            person=self.person,
            coach=coach,
            certificate=Certificate.PCC,
            certified_on=given,
            expires_on=until,
            now=NOW,
        )

    def all_the_way(self, coach: int, *, until: date = TODAY + 365 * DAY) -> None:
        self.invite(coach)
        self.agree(coach)
        self.certify(coach, given=TODAY - 400 * DAY, until=until)

    def rates(self) -> None:
        actions.set_rate(
            programme=self.house.programme,
            site=self.house.site,
            person=self.person,
            since=TODAY - 9 * DAY,
            hourly=Decimal(200),
            stipend=Decimal(2500),
            currency="USD",
            cost_centre="",
            now=NOW,
        )

    def file(self, coach: int) -> File:
        found = queries.file_of(programme=self.house.programme, person=coach)
        assert found is not None
        return found


@pytest.fixture
def office(house: House) -> Office:
    return Office(house)


def test_a_coach_goes_through_the_stages_and_the_training_is_paid_once(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.rates()
    office.invite(coach)
    assert waits_for(file=office.file(coach), today=TODAY) == ["The coach reads and signs the agreement."]
    office.agree(coach)
    assert waits_for(file=office.file(coach), today=TODAY) == ["The days of the training are set."]
    training = {"programme": house.programme, "person": office.person, "coach": coach, "now": NOW}
    actions.set_training(on=[TODAY - DAY, TODAY, TODAY], **training)  # type: ignore[arg-type]  # a table
    actions.set_training(on=[TODAY], **training)  # type: ignore[arg-type]  # the same
    file = office.file(coach)
    assert (file.stage, file.training_days) == (Stage.TRAINING, (TODAY,))
    assert waits_for(file=file, today=TODAY) == ["The certificate is written down."]
    assert office.certify(coach)
    file = office.file(coach)
    assert (file.stage, file.certificate, file.agreed_on, file.stipend) == (
        Stage.CERTIFIED,
        "ICF professional (PCC)",
        TODAY,
        True,
    )
    assert waits_for(file=file, today=TODAY) == []
    assert [(line.kind, line.amount) for line in PayLine.objects.all()] == [("stipend", Decimal(2500))]
    assert not office.certify(coach, until=TODAY + 700 * DAY)  # a renewal pays nothing
    assert PayLine.objects.count() == 1


def test_a_certificate_without_rates_pays_nothing_and_says_so(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.invite(coach)
    office.agree(coach)
    assert not office.certify(coach)
    assert waits_for(file=office.file(coach), today=TODAY) == ["The training is not paid yet."]


@pytest.mark.parametrize("stage", [Stage.INVITED, Stage.AGREED, Stage.TRAINING, Stage.REMOVED])
def test_before_the_certificate_and_after_the_end_nobody_finds_the_page(
    house: House, office: Office, stage: Stage
) -> None:
    coach, page = house.coach()
    house.offer(coach)
    person = house.participant()
    office.all_the_way(coach)
    asked = {"programme": house.programme, "person": person, "now": NOW}
    assert queries.page(coach=page, **asked) is not None  # type: ignore[arg-type]  # a table
    CoachFile.objects.update(stage=stage)
    assert queries.page(coach=page, **asked) is None  # type: ignore[arg-type]  # the same
    with pytest.raises(Refusal) as caught:
        house.book(person, page, TUESDAY)
    assert caught.value.status == 404


def test_a_lapsed_certificate_keeps_coachees_and_takes_nobody_new(house: House, office: Office) -> None:
    coach, page = house.coach()
    house.offer(coach)
    house.offer(coach, on=TUESDAY + 7 * DAY)
    old, new = house.participant(), house.participant("Ben Adler")
    house.book(old, page, TUESDAY)
    office.all_the_way(coach, until=TODAY - DAY)
    house.book(old, page, TUESDAY + 7 * DAY)
    with pytest.raises(Refusal) as caught:
        house.book(new, page, TUESDAY + 7 * DAY)
    assert caught.value.sentence.startswith("This coach takes no new participants")
    assert "The certificate has ended: no new participants until it is renewed." in waits_for(
        file=office.file(coach), today=TODAY
    )
    office.certify(coach)
    house.book(new, page, TUESDAY + 7 * DAY - timedelta(minutes=90))  # 17:00: the clocks have changed


def test_in_a_pause_nobody_books_and_what_is_booked_stays(house: House, office: Office) -> None:
    coach, page = house.coach()
    house.offer(coach)
    house.offer(coach, on=TUESDAY + 7 * DAY)
    person = house.participant()
    booking = house.book(person, page, TUESDAY)
    office.all_the_way(coach)
    asked = {"programme": house.programme, "person": office.person, "coach": coach, "now": NOW}
    actions.pause_coach(**asked)
    with pytest.raises(Refusal) as caught:
        house.book(person, page, TUESDAY + 7 * DAY)
    assert caught.value.sentence == "This coach pauses at the moment. What is booked stays booked."
    assert Booking.objects.get(pk=booking).state == State.BOOKED
    assert "The coach pauses; nobody can book." in waits_for(file=office.file(coach), today=TODAY)
    actions.end_pause(**asked)
    house.book(person, page, TUESDAY + 7 * DAY)
    with pytest.raises(Refusal):
        actions.end_pause(**asked)


def test_removal_tells_those_of_a_first_conversation_and_ends_the_line(house: House, office: Office) -> None:
    coach, page = house.coach(capacity=1)
    house.offer(coach)
    ama, ben = house.participant(), house.participant("Ben Adler")
    asked = {"programme": house.programme, "site": house.site, "coach": page, "now": NOW}
    actions.converse(**asked, person=ama, start=TUESDAY, key=uuid4())
    actions.join_line(**asked, person=ben)
    office.all_the_way(coach)
    Letter.objects.all().delete()
    actions.remove_coach(programme=house.programme, person=office.person, coach=coach, now=NOW)
    assert {letter.subject for letter in Letter.objects.all()} == {"Appointment"}
    assert Letter.objects.count() == 2
    assert not Waiting.objects.exists()
    assert queries.had(programme=house.programme, person=ama) == 0


def test_removal_hands_the_coachees_over(house: House, office: Office) -> None:
    coach, page = house.coach()
    _other, other_page = house.coach("Noor Haddad")
    house.offer(coach)
    house.offer(_other)
    person = house.participant()
    booking = house.book(person, page, TUESDAY)
    office.all_the_way(coach)
    Letter.objects.all().delete()
    asked = {"programme": house.programme, "person": office.person, "coach": coach, "now": NOW}
    assert queries.to_come_with(programme=house.programme, person=coach) == 1
    assert actions.remove_coach(**asked) == 1
    assert Booking.objects.get(pk=booking).state == State.CANCELLED
    assert Hours.objects.filter(coach=page).count() == 0
    assert {(letter.subject, "coach" in letter.body.lower()) for letter in Letter.objects.all()} == {
        ("Appointment", False)
    }
    assert Letter.objects.count() == 2
    mine = queries.ledger(programme=house.programme, person=person, now=NOW)
    assert mine is not None
    assert (mine.remaining, mine.next_k) == (6, 1)
    house.book(person, other_page, TUESDAY)
    office.invite(coach)
    file = office.file(coach)
    assert (file.stage, file.agreed_on, file.expires_on) == (Stage.INVITED, None, None)


def test_supervision_and_complaints_are_days_and_kinds(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.all_the_way(coach)
    file = office.file(coach)
    assert "The last supervision is long ago." in waits_for(file=file, today=TODAY)
    actions.supervised(programme=house.programme, person=office.person, coach=coach, on=TODAY, now=NOW)
    file = office.file(coach)
    assert file.supervision_days == (TODAY,)
    number = actions.complain(
        programme=house.programme,
        site=house.site,
        person=office.person,
        coach=coach,
        kind=Complaint.Kind.CONDUCT,
        now=NOW,
    )
    assert waits_for(file=office.file(coach), today=TODAY)[0] == "A complaint is open."
    ended = {"programme": house.programme, "person": office.person, "complaint": number, "now": NOW}
    actions.end_complaint(upheld=True, **ended)
    assert [(row.end, row.ended_on) for row in queries.complaints(file=file.file)] == [("upheld", TODAY)]
    with pytest.raises(Refusal) as caught:
        actions.end_complaint(upheld=False, **ended)
    assert caught.value.sentence == "This complaint was closed already."
    with pytest.raises(Refusal) as caught:
        actions.end_complaint(upheld=False, **{**ended, "complaint": 0})
    assert caught.value.status == 404


def test_a_certificate_is_named_before_it_ends(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.all_the_way(coach, until=TODAY + 30 * DAY)
    file = replace(office.file(coach), page=False)
    assert waits_for(file=file, today=TODAY) == [
        "The certificate ends soon.",
        "The training is not paid yet.",
        "The last supervision is long ago.",
        "The coach writes a page, with hours.",
    ]
    assert waits_for(file=replace(file, stage=Stage.REMOVED), today=TODAY) == []


# (verb, more) | (status, sentence)
REFUSED = [
    ("invite", {"coach": 0}, (404, "There is nothing here, or it is not yours to open.")),
    ("invite", {}, (409, "From “Certified” nobody goes to “Invited”.")),
    ("agree", {}, (409, "From “Certified” nobody goes to “Agreement signed”.")),
    ("train", {"on": [TODAY]}, (409, "From “Certified” nobody goes to “In training”.")),
    ("certify", {"given": TODAY + DAY}, (422, "A certificate is written down once it was given: choose today or an")),
    ("certify", {"until": TODAY - DAY}, (422, "The certificate ends after the day on which it was given, within")),
    ("certify", {"until": TODAY + 2000 * DAY}, (422, "The certificate ends after the day on which it was given")),
    ("certify", {"coach": 0}, (404, "There is nothing here, or it is not yours to open.")),
    ("supervise", {"on": TODAY + DAY}, (422, "Choose today or a day of the last year.")),
    ("supervise", {"on": TODAY, "coach": 0}, (404, "There is nothing here, or it is not yours to open.")),
]


@pytest.mark.parametrize(("verb", "more", "refusal"), REFUSED)
def test_what_a_file_refuses(
    house: House, office: Office, verb: str, more: dict[str, object], refusal: tuple[int, str]
) -> None:
    coach, _page = house.coach()
    office.all_the_way(coach)
    given: dict[str, object] = {"coach": coach, **more}
    asked = {"programme": house.programme, "person": office.person, "now": NOW}
    verbs = {
        "invite": lambda **kw: office.invite(kw["coach"]),
        "agree": lambda **kw: office.agree(kw["coach"]),
        "certify": lambda **kw: office.certify(kw.pop("coach"), **kw),
        "train": lambda **kw: actions.set_training(**asked, **kw),
        "supervise": lambda **kw: actions.supervised(**asked, **kw),
    }
    with pytest.raises(Refusal) as caught:
        verbs[verb](**given)
    assert (caught.value.status, caught.value.sentence[: len(refusal[1])]) == refusal


def test_training_days_are_few_and_near(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.invite(coach)
    office.agree(coach)
    for on in ([], [TODAY + number * DAY for number in range(41)], [TODAY + 1001 * DAY]):
        with pytest.raises(Refusal) as caught:
            actions.set_training(programme=house.programme, person=office.person, coach=coach, on=on, now=NOW)
        assert caught.value.status == 422


def test_a_changed_agreement_is_read_again(house: House, office: Office) -> None:
    coach, _page = house.coach()
    office.invite(coach)
    with pytest.raises(Refusal) as caught:
        actions.sign_agreement(programme=house.programme, person=coach, digest=sha256(b"").hexdigest(), now=NOW)
    assert caught.value.sentence == "The agreement was changed while you read. Read it again, then sign."
    office.agree(coach)
    first = queries.signed(programme=house.programme, person=coach)
    actions.put_up_agreement(programme=house.programme, site=house.site, person=office.person, text="Another.", now=NOW)
    again = queries.signed(programme=house.programme, person=coach)
    now = queries.agreement(programme=house.programme)
    assert first is not None
    assert again is not None
    assert now is not None
    assert (first.sha256, now.text) == (again.sha256, "Another.")


def test_every_stage_is_reached_and_none_leads_nowhere_unsaid() -> None:
    assert set(STAGES) == set(Stage)
    assert {to for following in STAGES.values() for to in following} == set(Stage)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "loved"},
        {"certificate": "none"},
        {"stage": "agreed"},
        {"stage": "certified"},
    ],
)
def test_the_database_refuses_a_file_that_cannot_be(house: House, office: Office, wrong: dict[str, str]) -> None:
    office.invite(house.coach()[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        CoachFile.objects.update(**wrong)


def test_the_board_is_sorted_by_stage_and_name(house: House, office: Office) -> None:
    people = [house.coach(name)[0] for name in ("Noor Haddad", "Eva Lindqvist", "Ben Adler")]
    for person in people:
        office.invite(person)
    office.agree(people[2])
    found = queries.files(programme=house.programme)
    assert [(file.name, file.stage) for file in found] == [
        ("Eva Lindqvist", Stage.INVITED),
        ("Noor Haddad", Stage.INVITED),
        ("Ben Adler", Stage.AGREED),
    ]

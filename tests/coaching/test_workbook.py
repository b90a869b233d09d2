"""What the server does with workbooks: keep ciphertext, count versions, release its share, destroy it on the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from tests.coaching.conftest import NOW, House

from confrere.coaching import actions, queries
from confrere.coaching.models import AROUND, STEP, STEPS, WRAPPED, Showing, Workbook, WorkbookLock
from confrere.coaching.queries import Way
from confrere.people.models import Programme
from confrere.vault import audit, shares
from confrere.vault.actions import ask_hold, confirm_hold, expire
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

CODE = Way(kind="code", credential="", wrapped=bytes(WRAPPED))
KEY = Way(kind="passkey", credential="abc_-", wrapped=bytes(WRAPPED))
SEALED = b"\1" * (STEP + AROUND)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SHARES = tmp_path / "shares"
    return tmp_path / "shares"


@pytest.fixture
def osei(house: House) -> int:
    return house.participant(granted=False, read=False)


def opened(house: House, person: int) -> actions.Opened:
    return actions.open_workbook(programme=house.programme, site=house.site, person=person, now=NOW)


def saved(house: House, person: int, number: UUID, version: int, *ways: Way, sealed: bytes = SEALED) -> None:
    actions.save_workbook(
        programme=house.programme, person=person, number=number, version=version, sealed=sealed, ways=ways
    )


def written(house: House, person: int) -> UUID:
    number = opened(house, person).sealed.number
    saved(house, person, number, 1, CODE, KEY)
    return number


@contextmanager
def refused(status: int) -> Iterator[None]:
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.status == status


def test_a_first_opening_begins_a_workbook_once(house: House, osei: int) -> None:
    first, second = opened(house, osei), opened(house, osei)
    assert first == second
    assert (first.sealed.version, first.sealed.sealed, first.sealed.ways, len(first.share)) == (0, b"", (), 32)
    assert not queries.has_workbook(programme=house.programme, person=osei)


def test_opening_is_written_down_for_seven_days_and_saving_is_not(house: House, osei: int) -> None:
    written(house, osei)
    events = [(row.kept_as, "coaching.open_workbook" in row.body) for row in Payload.objects.all()]
    assert events == [("workbook", True)]


def test_the_next_version_only_and_the_code_with_the_first(
    house: House, osei: int, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    number = opened(house, osei).sealed.number
    with refused(422):
        saved(house, osei, number, 1, KEY)
    with django_capture_on_commit_callbacks(execute=True):
        saved(house, osei, number, 1, CODE, KEY)
        saved(house, osei, number, 2)
    for version in (1, 2, 4):
        with refused(409):
            saved(house, osei, number, version)
    found = opened(house, osei).sealed
    assert (found.version, found.newest, found.ways) == (2, 2, (CODE, KEY))
    assert queries.has_workbook(programme=house.programme, person=osei)


def test_after_an_older_copy_was_put_back_it_is_known_and_the_next_version_is_newer_than_all(
    house: House, osei: int
) -> None:
    number = written(house, osei)
    shares.store().note(number, 7)
    found = opened(house, osei).sealed
    assert (found.version, found.newest) == (1, 7)
    with refused(409):
        saved(house, osei, number, 2)
    saved(house, osei, number, 8)


@pytest.mark.parametrize(
    ("sealed", "status"),
    [
        (b"", 422),
        (SEALED[:-1], 422),
        (b"\1" * AROUND, 422),
        (b"In tears about the ward round.", 422),
        (b"\1" * (STEP * (STEPS + 1) + AROUND), 413),
    ],
)
def test_what_is_no_whole_step_of_ciphertext_is_refused(house: House, osei: int, sealed: bytes, status: int) -> None:
    number = opened(house, osei).sealed.number
    with refused(status):
        saved(house, osei, number, 1, CODE, sealed=sealed)


@pytest.mark.parametrize(
    "way",
    [
        Way(kind="code", credential="x", wrapped=bytes(WRAPPED)),
        Way(kind="passkey", credential="", wrapped=bytes(WRAPPED)),
        Way(kind="passkey", credential="é", wrapped=bytes(WRAPPED)),
        Way(kind="passkey", credential="x" * 1401, wrapped=bytes(WRAPPED)),
        Way(kind="password", credential="", wrapped=bytes(WRAPPED)),
        Way(kind="code", credential="", wrapped=bytes(WRAPPED - 1)),
    ],
)
def test_what_is_no_lock_is_refused(house: House, osei: int, way: Way) -> None:
    number = opened(house, osei).sealed.number
    with refused(422):
        saved(house, osei, number, 1, CODE, way)


def test_a_second_device_is_added_and_a_new_code_takes_the_old_ones_place(house: House, osei: int) -> None:
    number = written(house, osei)
    renewed = Way(kind="code", credential="", wrapped=b"\2" * WRAPPED)
    second = Way(kind="passkey", credential="second", wrapped=b"\3" * WRAPPED)
    for way in (second, renewed):
        actions.lock_workbook(programme=house.programme, person=osei, number=number, way=way, now=NOW)
    assert opened(house, osei).sealed.ways == (KEY, second, renewed)


def test_a_workbook_that_was_never_written_takes_no_further_lock(house: House, osei: int) -> None:
    number = opened(house, osei).sealed.number
    with refused(404):
        actions.lock_workbook(programme=house.programme, person=osei, number=number, way=KEY, now=NOW)


def test_nobody_else_saves_locks_or_takes_it(house: House, osei: int) -> None:
    number, other = written(house, osei), house.participant("Nils Berg", granted=False)
    with refused(404):
        saved(house, other, number, 2)
    with refused(404):
        actions.lock_workbook(programme=house.programme, person=other, number=number, way=KEY, now=NOW)
    with refused(404):
        actions.take_workbook_back(programme=house.programme, person=other, number=number, now=NOW)
    with refused(404):
        saved(house, osei, uuid4(), 2)


def test_with_both_lost_one_begins_anew_and_may_return(house: House, osei: int) -> None:
    with refused(404):
        actions.set_aside_workbook(programme=house.programme, person=osei, now=NOW)
    old = written(house, osei)
    actions.set_aside_workbook(programme=house.programme, person=osei, now=NOW)
    new = opened(house, osei).sealed.number
    assert new != old
    assert queries.set_aside(programme=house.programme, person=osei) == [old]
    actions.take_workbook_back(programme=house.programme, person=osei, number=old, now=NOW)
    assert opened(house, osei).sealed.number == old
    assert queries.set_aside(programme=house.programme, person=osei) == [new]


def test_without_the_share_it_is_said_plainly_that_nobody_opens_it(house: House, osei: int) -> None:
    shares.store().destroy(written(house, osei))
    with refused(410):
        opened(house, osei)


@pytest.mark.parametrize(("days", "there"), [(29, True), (31, False)])
def test_thirty_days_after_the_programme_the_share_goes_and_then_the_ciphertext(
    house: House, osei: int, folder: Path, days: int, there: bool
) -> None:
    last = date(2026, 5, 1)
    Programme.objects.filter(pk=house.programme).update(ends_on=last)
    written(house, osei)
    gone = expire(now=NOW.replace(year=2026, month=5, day=1) + timedelta(days=days))
    assert gone["workbook"] == (0 if there else 1)
    assert Workbook.objects.exists() is there
    assert WorkbookLock.objects.exists() is there
    assert bool(list(folder.glob("workbook-*"))) is there


def test_a_hold_pauses_it_and_its_end_lets_it_go(house: House, osei: int, folder: Path) -> None:
    Programme.objects.filter(pk=house.programme).update(ends_on=date(2026, 1, 1))
    written(house, osei)
    one, two = house.person("One"), house.person("Two")
    hold = ask_hold(
        programme=house.programme, site=house.site, classes=["workbook"], reason="file 12", person=one, now=NOW
    )
    confirm_hold(programme=house.programme, hold=hold, person=two, now=NOW)
    assert expire(now=NOW)["workbook"] == 0
    assert len(list(folder.glob("*.key"))) == 1


def test_killed_between_share_and_ciphertext_the_next_round_does_the_rest(
    house: House, osei: int, folder: Path
) -> None:
    Programme.objects.filter(pk=house.programme).update(ends_on=date(2026, 1, 1))
    shares.store().destroy(written(house, osei))
    assert expire(now=NOW)["workbook"] == 1


@pytest.mark.parametrize("wrong", [{"sealed": b"clear words"}, {"sealed": b""}, {"version": 0}])
def test_the_database_itself_refuses_what_is_not_whole_steps(house: House, osei: int, wrong: dict[str, object]) -> None:
    written(house, osei)
    with pytest.raises(IntegrityError), transaction.atomic():
        Workbook.objects.update(**wrong)


# --- shown on the coach's device

TICKET, DIGITS, PUBLIC = "t" * 32, "123456", b"\7" * 32
PARCEL = b"\1" * (32 + AROUND + STEP)


def waits(house: House, *, ticket: str = TICKET, code: str = DIGITS, public_key: bytes = PUBLIC) -> None:
    actions.wait_to_be_shown(
        programme=house.programme, site=house.site, ticket=ticket, code=code, public_key=public_key, now=NOW
    )


def test_a_copy_passes_through_once_and_is_dropped(house: House) -> None:
    waits(house)
    assert actions.device_behind(programme=house.programme, code=DIGITS, now=NOW) == PUBLIC
    assert actions.fetch_shown(programme=house.programme, ticket=TICKET, now=NOW) == b""
    actions.show(programme=house.programme, code=DIGITS, sealed=PARCEL, now=NOW)
    with refused(404):
        actions.show(programme=house.programme, code=DIGITS, sealed=PARCEL, now=NOW)
    with refused(404):
        actions.device_behind(programme=house.programme, code=DIGITS, now=NOW)
    assert actions.fetch_shown(programme=house.programme, ticket=TICKET, now=NOW) == PARCEL
    assert not Showing.objects.exists()
    with refused(404):
        actions.fetch_shown(programme=house.programme, ticket=TICKET, now=NOW)


def test_after_ten_minutes_nothing_is_handed_over_and_nothing_is_left(house: House) -> None:
    waits(house)
    late = NOW + timedelta(minutes=10, seconds=1)
    with refused(404):
        actions.device_behind(programme=house.programme, code=DIGITS, now=late)
    with refused(404):
        actions.fetch_shown(programme=house.programme, ticket=TICKET, now=late)
    assert expire(now=late)["coaching.Showing"] == 1


def test_digits_that_are_taken_are_refused_and_free_again_later(house: House) -> None:
    waits(house)
    with refused(409):
        waits(house, ticket="u" * 32)
    Showing.objects.update(until=NOW - timedelta(seconds=1))
    waits(house, ticket="u" * 32)
    assert Showing.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticket": "short"},
        {"ticket": "t" * 65},
        {"code": "12345"},
        {"code": "12345x"},
        {"code": "１２３４５６"},
        {"public_key": b""},
    ],
)
def test_what_no_device_sends_is_refused(house: House, wrong: dict[str, object]) -> None:
    with refused(422):
        waits(house, **wrong)  # type: ignore[arg-type]  # each of its own type


def test_the_audit_payloads_hold_neither_digits_nor_tickets(house: House, osei: int) -> None:
    waits(house)
    written(house, osei)
    bodies = " ".join(Payload.objects.values_list("body", flat=True))
    assert DIGITS not in bodies
    assert TICKET not in bodies
    assert audit.Actor.person(osei).name in bodies

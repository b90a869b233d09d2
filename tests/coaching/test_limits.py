"""The limits of confidentiality: counsel's words or none, and who has read which."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.coaching.conftest import NOW, House, build_house

from confrere.coaching import actions, queries
from confrere.coaching.actions import limits as verbs
from confrere.coaching.models import Acknowledged, Limits
from confrere.coaching.queries import GENERAL
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

TOMORROW = NOW + timedelta(days=1)


def write(house: House, text: str, *, state: str = "", after: int = 0) -> int:
    return actions.write_limits(
        programme=house.programme,
        site=house.site,
        state=state,
        text=text,
        after=after,
        actor=Actor.system("test"),
        now=NOW,
    )


def read(house: House, person: int, limits: int | None) -> None:
    actions.acknowledge(programme=house.programme, site=house.site, person=person, limits=limits, now=NOW)


def test_without_counsels_text_there_is_only_the_general_one(house: House) -> None:
    mine = house.participant(read=False)
    assert queries.wordings(programme=house.programme) == [GENERAL]
    assert queries.has_read(programme=house.programme, person=mine) is None
    for _twice in range(2):
        read(house, mine, None)
    row = Acknowledged.objects.get()
    assert (row.person_id, row.limits, row.day) == (mine, None, NOW.date())
    assert queries.has_read(programme=house.programme, person=mine) == NOW.date()


def test_a_new_version_is_read_anew(house: House) -> None:
    mine = house.participant(read=False)
    read(house, mine, None)
    assert write(house, "First.") == 1
    assert queries.has_read(programme=house.programme, person=mine) is None
    [first] = queries.wordings(programme=house.programme)
    read(house, mine, first.limits)
    assert write(house, "Second.", after=1) == 2
    [second] = queries.wordings(programme=house.programme)
    assert (second.version, second.text, second.general) == (2, "Second.", False)
    assert queries.has_read(programme=house.programme, person=mine) is None
    for gone in (first.limits, None, 0):
        with pytest.raises(Refusal, match="There is nothing here"):
            read(house, mine, gone)


def test_each_state_has_its_own(house: House) -> None:
    write(house, "Everywhere.")
    write(house, "Massachusetts.", state="MA")
    assert [(each.state, each.text) for each in queries.wordings(programme=house.programme)] == [
        ("", "Everywhere."),
        ("MA", "Massachusetts."),
    ]
    assert queries.wordings(programme=build_house().programme) == [GENERAL]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"text": " "}, "Put in the text that your counsel has approved."),
        ({"text": "x", "state": "XX"}, "Choose a state from the list."),
        ({"text": "First.", "after": 1}, "This text holds already."),
        ({"text": "Mine.", "after": 0}, "Somebody has put in another version meanwhile. Read that one first."),
        ({"text": "Mine.", "after": 7}, "Somebody has put in another version meanwhile. Read that one first."),
    ],
)
def test_refusals(house: House, given: dict[str, object], sentence: str) -> None:
    write(house, "First.")
    with pytest.raises(Refusal) as no:
        write(house, **given)  # type: ignore[arg-type]  # a table of what is typed
    assert no.value.sentence == sentence


def test_two_who_write_at_once_do_not_overwrite_each_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(**_given: object) -> None:
        Limits.objects.create(
            programme_id=house.programme, site_id=house.site, state="", version=1, text="Theirs.", since=NOW.date()
        )

    monkeypatch.setattr(verbs, "check_wording", meanwhile)
    with pytest.raises(Refusal, match="Somebody has put in another version meanwhile"):
        write(house, "Mine.")


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ({"state": "mass"}, "value too long|limits_state_is_a_code"),
        ({"state": "m1"}, "limits_state_is_a_code"),
        ({"version": 0}, "limits_versions_count_from_one"),
        ({"text": ""}, "limits_have_a_text"),
    ],
)
def test_the_database_takes_no_other(house: House, bad: dict[str, object], name: str) -> None:
    row = {"programme_id": house.programme, "site_id": house.site, "state": "MA", "version": 1, "text": "x"}
    with pytest.raises(Exception, match=name), transaction.atomic():
        Limits.objects.create(**{**row, "since": NOW.date(), **bad})


def test_a_wording_is_acknowledged_once_even_the_general_one(house: House) -> None:
    row = {
        "programme_id": house.programme,
        "site_id": house.site,
        "person_id": house.participant(read=False),
        "day": NOW.date(),
    }
    Acknowledged.objects.create(**row)
    with pytest.raises(IntegrityError, match="a_wording_is_acknowledged_once"), transaction.atomic():
        Acknowledged.objects.create(**row)

import itertools
import re
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from confrere.vault import keys, link
from confrere.vault.models import Link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_keys")]


def make(person: int, programme: int, now: datetime) -> str:
    return link.create(person=person, programme=programme, site=1, now=now)


def dump() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, ' ') FROM vault_link t")
        (text,) = cursor.fetchone()
        cursor.execute("SELECT string_agg(person_index || study_index || sealed, '') FROM vault_link")
        (octets,) = cursor.fetchone()
    return str(text).encode() + bytes(octets)


def test_a_link_is_found_both_ways(now: datetime) -> None:
    code = make(12, 1, now)
    assert re.fullmatch(r"S-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)
    assert link.study_id(person=12, programme=1) == code
    assert link.person(study_id=code, programme=1) == 12


def test_many_are_found_with_one_query(now: datetime, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    codes = {person: make(person, 1, now) for person in (12, 13, 14)}
    with django_assert_num_queries(1):
        assert link.study_ids_of(persons=[12, 13, 14, 15], programme=1) == codes
    with django_assert_num_queries(1):
        found = link.persons_of(study_ids=[*codes.values(), "S-0000-0000"], programme=1)
    assert found == {code: person for person, code in codes.items()}


def test_who_has_no_link_is_not_found(now: datetime) -> None:
    code = make(12, 1, now)
    assert link.study_id(person=13, programme=1) is None
    assert link.study_id(person=12, programme=2) is None
    assert link.person(study_id="S-0000-0000", programme=1) is None
    assert link.person(study_id=code, programme=2) is None


def test_who_comes_back_has_the_same_study_id_and_another_in_another_programme(now: datetime) -> None:
    code = make(12, 1, now)
    assert make(12, 1, now) == code
    assert make(12, 2, now) != code
    assert Link.objects.count() == 2


def test_a_study_id_that_is_taken_is_drawn_again(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["S-AAAA-AAAA", "S-AAAA-AAAA", "S-BBBB-BBBB"])
    monkeypatch.setattr(link, "draw", lambda: next(drawn))
    assert make(12, 1, now) == "S-AAAA-AAAA"
    assert make(13, 1, now) == "S-BBBB-BBBB"


def test_study_ids_are_drawn_not_derived(now: datetime, settings: Settings, tmp_path: Path) -> None:
    first = make(12, 1, now)
    settings.KEYS = tmp_path / "others"
    keys.create_standing_keys(keys.store())
    assert make(12, 1, now) != first
    assert len({link.draw() for _ in range(1000)}) == 1000


def test_the_database_refuses_a_second_link_in_either_direction(now: datetime) -> None:
    make(12, 1, now)
    make(13, 1, now)
    one, other = Link.objects.order_by("pk")
    for same in ({"person_index": one.person_index}, {"study_index": one.study_index}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Link.objects.filter(pk=other.pk).update(**same)


def test_a_dump_of_the_table_names_no_person_and_no_study_id(now: datetime) -> None:
    persons = list(range(987_654_321_000, 987_654_321_040))
    codes = [make(person, 77, now) for person in persons]
    found = dump()
    for person, code in zip(persons, codes, strict=True):
        needles = (str(person).encode(), person.to_bytes(8), person.to_bytes(8, "little"), code.encode())
        assert [needle for needle in needles if needle in found] == []
    assert len({len(row.sealed) for row in Link.objects.all()}) == 1
    planted = Link(programme=77, site=1, person_index=b"1", study_index=b"2", sealed=str(persons[0]).encode())
    planted.save()
    assert str(persons[0]).encode() in dump()


def test_a_row_moved_to_another_programme_does_not_open(now: datetime) -> None:
    make(12, 1, now)
    (row,) = Link.objects.all()
    row.programme, row.person_index = 2, link._index("person", 2, "12")
    row.save()
    with pytest.raises(InvalidTag):
        link.study_id(person=12, programme=2)


def test_any_changed_byte_is_noticed(now: datetime) -> None:
    make(12, 1, now)
    (row,) = Link.objects.all()
    sealed = bytes(row.sealed)
    for place, bit in itertools.product((0, 11, 12, 20, len(sealed) - 1), (1, 128)):
        changed = bytearray(sealed)
        changed[place] ^= bit
        Link.objects.filter(pk=row.pk).update(sealed=bytes(changed))
        with pytest.raises(InvalidTag):
            link.study_id(person=12, programme=1)


def test_without_keys_nothing_is_linked(now: datetime, settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = tmp_path / "empty"
    with pytest.raises(keys.KeyTrouble, match="Put it back from the copy of its keepers"):
        make(12, 1, now)
    assert Link.objects.count() == 0

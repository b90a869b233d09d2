"""Files into the database: in pieces, taken up again, one file after the other."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.people.door.conftest import MAPPING, SYSTEM, Town, doctor, leie, licences, nppes, table

from confrere.people import actions
from confrere.people.actions import registers as importing
from confrere.people.models import Exclusion, Licence, Listed, RegisterFile, Taxonomy
from confrere.people.queries import registers as found
from confrere.people.registers.mapped import mapping
from confrere.people.registers.taxonomies import GROUPING
from confrere.people.registers.united_states import Leie, Nppes, Nucc
from confrere.vault.models import Payload

DOCTORS = [doctor(number, "Ama", f"Osei{chr(97 + number)}") for number in range(12)]
MONTH = Nppes(whole=True)


def put(town: Town, name: str, text: str) -> Path:
    path = town.folder / name
    path.write_text(text, "utf-8")
    return path


def read(town: Town, path: Path, register: Any = MONTH, *, days: int = 3, **more: Any) -> RegisterFile:
    day = (town.now - timedelta(days=days)).date()
    return actions.import_file(path=path, register=register, as_of=day, now=town.now, actor=SYSTEM, **more)


def test_a_killed_import_goes_on_where_it_stopped(town: Town) -> None:
    path = put(town, "npi.csv", nppes(DOCTORS))

    class Killed(Exception):
        pass

    def die(rows: int) -> None:
        if rows == 10:
            raise Killed

    with pytest.raises(Killed):
        read(town, path, piece=5, tell=die)
    assert (Listed.objects.count(), RegisterFile.objects.get().done) == (10, False)
    assert found.newest("us-nppes") is None
    told: list[int] = []
    file = read(town, path, piece=5, tell=told.append)
    assert (told, file.done, Listed.objects.count()) == ([12], True, 12)
    assert read(town, path).pk == file.pk
    body = Payload.objects.order_by("-pk").values_list("body", flat=True)[0]
    assert '"action":"people.import_register"' in body


def test_memory_holds_a_piece_and_not_the_file(town: Town) -> None:
    import tracemalloc

    few, many = put(town, "few.csv", nppes(DOCTORS * 100)), put(town, "many.csv", nppes(DOCTORS * 2000))
    peaks = []
    for days, path in ((3, few), (2, many)):
        tracemalloc.start()
        read(town, path, days=days, piece=500)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_week_changes_what_it_names_and_a_month_ends_what_it_lacks(town: Town) -> None:
    first, second, third = DOCTORS[:3]
    read(town, put(town, "1.csv", nppes([first, second])), days=20)
    second.deactivated = "01/02/2026"
    read(town, put(town, "2.csv", nppes([second, third])), Nppes(whole=False), days=13)
    active = dict(Listed.objects.order_by("number").values_list("number", "active"))
    assert active == {first.number: True, second.number: False, third.number: True}
    second.deactivated = ""
    read(town, put(town, "3.csv", nppes([second])), days=2)
    active = dict(Listed.objects.order_by("number").values_list("number", "active"))
    assert active == {first.number: False, second.number: True, third.number: False}


def test_what_is_known_reaches_as_far_as_files_follow_each_other(town: Town) -> None:
    one = DOCTORS[0]
    assert found.carried_until("us-nppes") is None
    for days, text, whole in ((60, "a", False), (50, "b", True), (43, "c", False), (36, "d", False), (5, "e", False)):
        read(town, put(town, f"{text}.csv", nppes([one]) + f"{text},,,,,,,,,\n"), Nppes(whole=whole), days=days)
    assert found.carried_until("us-nppes") == (town.now - timedelta(days=36)).date()
    entry = found.listed(register="us-nppes", number=one.number)
    assert entry is not None
    assert entry.as_of == (town.now - timedelta(days=5)).date()  # the newest file named this very number


def test_answers_about_single_numbers_do_not_make_a_register_fresh(town: Town) -> None:
    answer = '{"results": [{"number": %s, "enumeration_type": "NPI-1", "basic": {"last_name": "OSEI"}}]}'
    file = read(town, put(town, "one.json", answer % DOCTORS[0].number))
    assert (file.whole, file.changes, found.carried_until("us-nppes")) == (False, False, None)
    entry = found.listed(register="us-nppes", number=DOCTORS[0].number)
    assert entry is not None
    assert (entry.as_of, entry.names[0].family) == (file.as_of, "OSEI")


def test_an_older_file_and_one_of_tomorrow_are_refused(town: Town, refused: Callable[..., str]) -> None:
    read(town, put(town, "1.csv", leie([("DOE", "JO", "")])), Leie(), days=3)
    older = put(town, "2.csv", leie([("DOE", "JANE", "")]))
    assert "this one is older" in refused(lambda: read(town, older, Leie(), days=9))
    assert "has not come yet" in refused(lambda: read(town, older, Leie(), days=-2))
    assert RegisterFile.objects.count() == 1


def test_whole_lists_replace_the_ones_before(town: Town) -> None:
    ny = mapping(MAPPING)
    for number, days in ((0, 9), (1, 3)):
        read(town, put(town, f"l{days}.csv", leie([("DOE", "JO" + "HN" * (1 - number), "")])), Leie(), days=days)
        read(town, put(town, f"n{days}.csv", licences([DOCTORS[number]])), ny, days=days)
        code = table(["Code", "Grouping", "Classification"], [[f"20{number}R00000X", GROUPING, "X"]])
        read(town, put(town, f"c{days}.csv", code), Nucc(), days=days)
    assert Exclusion.objects.get().folded == "doe jo"
    assert str(Exclusion.objects.get()) == "us-leie "
    assert [row.number for row in Licence.objects.all()] == [DOCTORS[1].licence]
    assert str(Licence.objects.get()).startswith("NY ")
    assert [str(row) for row in Taxonomy.objects.all()] == ["201R00000X"]
    assert found.groupings(["201R00000X", "x"]) == {"201R00000X": GROUPING}
    assert [file.register for file in found.files()] == ["nucc", "ny-licences", "us-leie"]
    assert next(str(file) for file in found.files()).startswith("nucc 20")


@pytest.mark.parametrize("typed", ["MD-012345", "md 12345", "MD.0012345", "MD012345"])
def test_a_licence_is_found_however_its_number_is_written(town: Town, typed: str) -> None:
    one = doctor(1, "Ama", "Osei", licence="MD012345")
    far = doctor(2, "Ama", "Mensah", licence="MD912345")
    read(town, put(town, "n.csv", licences([one, far])), mapping(MAPPING))
    licence = found.licence(jurisdiction="NY", number=typed)
    assert (licence is not None) == (typed in {"MD-012345", "MD012345"})
    assert found.licence(jurisdiction="NY", number="") is None
    assert found.licence(jurisdiction="CA", number="MD012345") is None


def test_registers_of_physicians_are_those_one_can_claim(town: Town) -> None:
    assert found.claimable() == []
    read(town, put(town, "l.csv", leie([("DOE", "JO", "")])), Leie())
    read(town, put(town, "p.csv", nppes(DOCTORS)))
    assert found.claimable() == ["us-nppes"]
    assert importing.kind_of(Leie()) == "exclusions"
    assert date.today() >= RegisterFile.objects.earliest("pk").as_of  # noqa: DTZ011  # any day will do

"""Files as streams: plain, gz, zip, old alphabets, damage."""

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from confrere.people.registers import reading
from confrere.people.registers.entries import Entry, Exclusion
from confrere.people.registers.united_states import Leie, Nppes, Nucc
from confrere.vault.refusals import Refusal

TEXT = "LASTNAME,FIRSTNAME,NPI,EXCLDATE\nMüller,Jo,0000000000,20200319\nDoe,Jo,1234567893,20200319\n"
NPPES = (
    "Provider First Name,NPI,Entity Type Code,Healthcare Provider Taxonomy Code_1,Provider Last Name (Legal Name)\n"
    '"AMA",1234567893.0,"1",207R00000X,"OSEI"\n'
)


def plain(path: Path) -> Path:
    path.with_suffix(".csv").write_text("\ufeff" + TEXT, "utf-8")
    return path.with_suffix(".csv")


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as whole:
        whole.writestr("UPDATED_header.csv", "X" * 9999)
        whole.writestr("README.txt", "read me")
        whole.writestr("UPDATED.csv", TEXT)
    return path.with_suffix(".zip")


def packed(path: Path) -> Path:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(TEXT.encode(), mtime=0))
    return path.with_suffix(".csv.gz")


def old(path: Path) -> Path:
    path.with_suffix(".csv").write_bytes(TEXT.encode("cp1252"))
    return path.with_suffix(".csv")


@pytest.mark.parametrize("make", [plain, zipped, packed, old])
def test_a_file_reads_the_same_in_every_wrapping(make: Callable[[Path], Path], tmp_path: Path) -> None:
    path = make(tmp_path / "UPDATED")
    found = list(reading.entries(path, reading.recognised(path)))
    assert [number for number, _entry in found] == [1, 2]
    names = [entry.name.family for _number, entry in found if isinstance(entry, Exclusion)]
    assert names == ["Müller", "Doe"]


def test_columns_in_another_order_and_types_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "npidata_pfile_20050523-20260111.csv"
    path.write_text(NPPES, "utf-8")
    register = reading.recognised(path)
    assert isinstance(register, Nppes)
    assert register.whole
    [(_row, entry)] = reading.entries(path, register)
    assert isinstance(entry, Entry)
    assert (entry.number, str(entry.name)) == ("1234567893", "AMA OSEI")
    weekly = path.rename(tmp_path / "npidata_pfile_20260105-20260111_weekly.csv")
    assert not reading.recognised(weekly).whole


def test_of_several_tables_the_one_of_providers_is_read(tmp_path: Path) -> None:
    path = tmp_path / "NPPES.zip"
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("npidata_pfile_20050523-20260111.csv", NPPES)
        whole.writestr("othername_pfile_20050523-20260111.csv", "X" * 9999)
    assert reading.inner_name(path) == "npidata_pfile_20050523-20260111.csv"
    assert reading.recognised(path).whole


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("npidata_pfile_20050523-20260111.csv", "2026-01-11"),
        ("leie-2026-01-10.csv", "2026-01-10"),
        ("UPDATED.csv", None),
        ("file_20269999.csv", None),
    ],
)
def test_a_files_name_says_until_when_it_holds(name: str, day: str | None) -> None:
    found = reading.dated(name)
    assert (found.isoformat() if found else None) == day


def test_codes_are_known_by_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "nucc.csv"
    path.write_text("Code,Grouping,Classification\n", "utf-8")
    assert isinstance(reading.recognised(path), Nucc)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.csv", b"LASTNAME,FIRSTNAME\n", "EXCLDATE|NPI"),
        ("x.csv", b"LASTNAME,FIRSTNAME,NPI,EXCLDATE\na,b,c,d,e\n", "Row 1 has more cells"),
        ("x.csv", b"LASTNAME,FIRSTNAME,NPI,EXCLDATE\n" + b"a" * 200_000, "Line 2 cannot be read"),
        ("x.csv", b"", "no column"),
        ("x.csv.gz", gzip.compress(TEXT.encode(), mtime=0)[:-12], "ends too soon"),
        ("x.csv.gz", b"no gz at all", "ends too soon"),
        ("x.json", b"{", "says that it is JSON"),
    ],
)
def test_each_wrong_file_has_a_sentence(name: str, data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refusal, match=words):
        list(reading.entries(path, Leie()))


def test_an_archive_without_a_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("README.txt", "read me")
    with pytest.raises(Refusal, match="no table"):
        list(reading.entries(path, Leie()))


def test_columns_that_nobody_knows_need_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n", "utf-8")
    with pytest.raises(Refusal, match="Write a mapping"):
        reading.recognised(path)


def test_an_answer_of_the_look_up_that_is_too_large_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"results": []}', "utf-8")
    assert list(reading.entries(path, reading.recognised(path))) == []
    monkeypatch.setattr(reading, "_MOST_JSON", 3)
    with pytest.raises(Refusal, match="too large"):
        list(reading.entries(path, Leie()))


def test_every_recorded_answer_of_the_real_registry_is_read(shared: Path) -> None:
    folder = shared / "data" / "nppes"
    numbers, refused = 0, 0
    for path in sorted((folder / "ropensci_npi").glob("*.json")):
        try:
            found = [entry for _row, entry in reading.entries(path, reading.recognised(path))]
        except Refusal:
            refused += 1
        else:
            numbers += len(found)
            assert all(isinstance(entry, Entry) and entry.entity and entry.fields for entry in found)
    assert (numbers, refused) == (49, 2)
    leie = folder / "leie_head_sample.csv"
    [only] = [entry for _row, entry in reading.entries(leie, reading.recognised(leie))]
    assert isinstance(only, Exclusion)
    assert only.number == "1972902351"

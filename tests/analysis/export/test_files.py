"""Each file of a package is read back by a reader that knows nothing of ours, and nothing in it can run."""

import csv
import io
import json
import struct
import zipfile
from hashlib import sha256
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from confrere.analysis import InputError, plan_from, read_csv
from confrere.analysis.export import Table, Variable, named_package, public_package, table_of, zipped
from confrere.analysis.export.delimited import data_csv, written
from confrere.analysis.export.odm_data import data_odm
from confrere.analysis.export.parquet_file import data_parquet
from confrere.analysis.export.r_reader import import_r
from confrere.analysis.export.spss import data_sav

FILE = b"""id,arm,dept,seen,wave,score
a1,c,surgery,1,0,2.5
a1,c,surgery,1,3,
b2,t,=1+1,0,0,-3
c3,t,,2,0,4
"""
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "outcomes": [{"name": "score", "better": "lower", "role": "primary"}],
}
ODM = "{http://www.cdisc.org/ns/odm/v1.3}"


@pytest.fixture
def table() -> Table:
    labels = {"columns": {"dept": "department"}, "waves": {"0": "baseline", "3": "month 3"}, "arms": {"t": "coaching"}}
    return table_of(plan_from(PLAN | {"labels": labels}), read_csv(FILE))


def test_what_is_known_about_each_column(table: Table) -> None:
    assert [(one.name, one.label, one.role, one.kind) for one in table.variables] == [
        ("id", "Participant", "id", "text"),
        ("arm", "Group by the draw", "arm", "code"),
        ("dept", "Department", "fact", "code"),
        ("seen", "Seen", "fact", "number"),
        ("wave", "Assessment", "wave", "code"),
        ("score", "Score", "outcome", "number"),
    ]
    assert table.variables[1].codes == (("c", "C"), ("t", "Coaching"))
    assert table.variables[2].codes == (("=1+1", "=1+1"), ("surgery", "Surgery"))
    assert (table.variables[5].note, table.named("arm"), table.of_role("fact")) == (
        "lower is better",
        "arm",
        ("dept", "seen"),
    )
    assert table.rows[1] == ("a1", "c", "surgery", 1.0, "3", None)
    silent = table_of(plan_from(PLAN | {"outcomes": [{"name": "score"}]}), read_csv(FILE))
    assert silent.variables[5].note == ""


ATTACKS = ['=HYPERLINK("http://x","y")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+1", "\t=1", "\r=1", "\n=1"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_is_only_text(attack: str) -> None:
    assert written(attack) == f"'{attack}"
    attacked = Table((Variable(attack, attack, "fact", "code", ((attack, attack),)),), ((attack,),))
    cells = [cell for line in csv.reader(io.StringIO(data_csv(attacked).decode(), newline="")) for cell in line]
    assert cells == [f"'{attack}"] * 2


def test_numbers_are_no_formulas() -> None:
    cells = (-1.5, 3.0, 1e20, 0.1, None, "a")
    assert [written(cell) for cell in cells] == ["-1.5", "3", "1e+20", "0.1", "", "a"]


def test_csv(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(data_csv(table).decode())))
    assert rows[0] == ["id", "arm", "dept", "seen", "wave", "score"]
    assert rows[1:] == [
        ["a1", "c", "surgery", "1", "0", "2.5"],
        ["a1", "c", "surgery", "1", "3", ""],
        ["b2", "t", "'=1+1", "0", "0", "-3"],
        ["c3", "t", "", "2", "0", "4"],
    ]


def test_parquet_keeps_what_was_given(table: Table) -> None:
    found = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(data_parquet(table))).read()
    assert [tuple(row.values()) for row in found.to_pylist()] == list(table.rows)
    about = found.schema.field("dept").metadata
    assert about[b"label"] == b"Department"
    assert json.loads(about[b"codes"]) == {"=1+1": "=1+1", "surgery": "Surgery"}


def test_spss_system_file(table: Table) -> None:
    """Its bytes, by the format's description; validation/exports reads it with R's foreign and haven."""
    found = data_sav(table)
    assert found[:4] == b"$FL2"
    layout, cells, compressed, weight, rows, _ = struct.unpack("<5id", found[64:92])
    assert (layout, cells, compressed, weight, rows) == (2, 6, 0, 0, 4)
    first = struct.unpack("<6i", found[176:200])
    assert (first[:4], found[200:208]) == ((2, 2, 1, 0), b"V1      ")
    assert b"V1=id\tV2=arm\tV3=dept\tV4=seen\tV5=wave\tV6=score" in found
    data = found[found.index(struct.pack("<2i", 999, 0)) + 8 :]
    assert len(data) == 4 * 6 * 8
    assert data[:8] == b"a1      "
    assert struct.unpack("<5d", data[8:48]) == (1, 2, 1, 1, 2.5)
    missing = struct.unpack("<d", data[88:96])[0]
    assert missing == -1.7976931348623157e308
    assert struct.unpack("<d", data[3 * 48 + 16 : 3 * 48 + 24])[0] == missing


def test_spss_names_and_long_texts() -> None:
    names = ("1st", "a b", "A_B", "")
    variables = tuple(Variable(name, "ä" * 200, "fact", "text") for name in names)
    found = data_sav(Table(variables, (("é" * 9, "x", None, ""),)))
    assert b"V1=V_1st\tV2=a_b\tV3=A_B_3\tV4=V_" in found
    assert ("é" * 9).encode().ljust(24) in found
    assert found.count("ä".encode() * 127) == 4
    with pytest.raises(InputError, match="column 1st: SPSS holds texts of at most 255 bytes"):
        data_sav(Table(variables[:1], (("x" * 256,),)))
    assert data_sav(Table(variables[:1], ()))[:4] == b"$FL2"


def test_odm(table: Table) -> None:
    root = ET.fromstring(data_odm(table, title="A <trial>", made="2030-01-01T00:00:00Z"))
    assert root.attrib["ODMVersion"] == "1.3.2"
    assert root.findtext(f".//{ODM}StudyName") == "A <trial>"
    items = {item.attrib["OID"]: item.attrib["DataType"] for item in root.iter(f"{ODM}ItemDef")}
    assert items == {"I.arm": "text", "I.dept": "text", "I.seen": "float", "I.score": "float"}
    rows = [
        (
            subject.attrib["SubjectKey"],
            event.attrib["StudyEventOID"],
            {item.attrib["ItemOID"][2:]: item.attrib["Value"] for item in event.iter(f"{ODM}ItemData")},
        )
        for subject in root.iter(f"{ODM}SubjectData")
        for event in subject
    ]
    assert rows[0] == ("a1", "SE.0", {"arm": "c", "dept": "surgery", "seen": "1", "score": "2.5"})
    assert rows[1] == ("a1", "SE.3", {"arm": "c", "dept": "surgery", "seen": "1"})
    assert rows[2][2]["dept"] == "=1+1"
    assert len(rows) == 4
    defined = {one.attrib["OID"] for one in root.iter() if "OID" in one.attrib}
    for one in root.iter():
        for key, value in one.attrib.items():
            assert not key.endswith("OID") or key == "FileOID" or value in defined


def test_the_script_of_r_lets_no_label_become_code() -> None:
    script = import_r(Table((Variable("x", 'a"); q("no', "fact", "code", (("\\", "b\n\r"),)),), ()))
    assert 'factor(d[["x"]], levels = c("\\\\"), labels = c("b\\n\\r"))' in script
    assert """attr(d[["x"]], 'label') <- "a\\"); q(\\"no\"""" in script


def test_packages(table: Table) -> None:
    named = named_package(
        table, title="T", made="2030-01-01", original=FILE, plan=b"p", agreement="I agree.", purpose="to check"
    )
    public = public_package(table, title="T", made="2030-01-01", smallest=5)
    assert set(named) - set(public) == {"frozen.csv", "plan.toml", "agreement.txt", "by-telephone.csv"}
    assert named["frozen.csv"] == FILE
    assert b"for one purpose: to check" in named["README.md"]
    assert b"every group has at least 5 participants" in public["README.md"]
    assert b"3 participants, 4 rows, 6 columns" in public["README.md"]
    listed = dict(line.split("  ")[::-1] for line in named["SHA256SUMS"].decode().splitlines())
    assert listed == {name: sha256(body).hexdigest() for name, body in named.items() if name != "SHA256SUMS"}
    archive = zipped(named)
    assert archive == zipped(named)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == named


def test_the_codebook(table: Table) -> None:
    made = named_package(table, title="T", made="", original=b"", plan=b"", agreement="", purpose="")["codebook.csv"]
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(made.decode()))}
    assert rows["arm"]["values"] == "c=C | t=Coaching"
    assert (rows["score"]["missing"], rows["score"]["lowest"], rows["score"]["highest"]) == ("1", "-3", "4")
    assert (rows["dept"]["values"], rows["dept"]["lowest"]) == ("'=1+1 | surgery=Surgery", "")

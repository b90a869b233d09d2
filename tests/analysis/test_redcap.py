"""An export of REDCap as it comes: raw codes or labels, checkboxes, the arm on the baseline event only."""

import os
from pathlib import Path
from typing import Any

import pytest

from confrere.analysis import InputError, Results, plan_from, read_data, run, table1, table3, table4
from confrere.analysis.report import make_report

PLAN: dict[str, Any] = {
    "trial": {"title": "Simulated export"},
    "columns": {"id": "record_id", "arm": "arm", "wave": "redcap_event_name"},
    "data": {
        "carry": ["arm", "gender"],
        "codes": {"arm": {"0": "control", "1": "coaching"}, "gender": {"1": "woman", "2": "man", "3": "nonbinary"}},
    },
    "arms": {"control": "control", "intervention": "coaching"},
    "waves": {"baseline": "baseline_arm_1", "order": ["baseline_arm_1", "month3_arm_1"]},
    "model": {"covariates": ["gender"], "levels": {"gender": ["woman", "man", "nonbinary"]}},
    "outcomes": [{"name": "burnout", "role": "primary", "better": "lower"}],
    "report": {"answers": {"wave": "month3_arm_1", "columns": ["themes___1"], "arms": ["coaching"]}},
    "labels": {"columns": {"themes___1": "self-care"}},
}
HEAD = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,arm,gender,burnout,themes___1,"
    "comments,survey_complete\r\n"
)


def export(*, labels: bool = False, repeats: str = "") -> bytes:
    """Sixteen simulated people; with a byte order mark, CRLF, and comments that hold commas, quotes and line breaks."""
    lines = [HEAD]
    for i in range(1, 17):
        arm, gender = i % 2, 1 + i % 3
        shown = (("control", "coaching")[arm], ("woman", "man", "nonbinary")[gender - 1]) if labels else (arm, gender)
        first, second = 4 + (i % 5) / 2, 4 + (i % 4) / 2 - arm
        lines.append(f'{i},baseline_arm_1,,,{shown[0]},{shown[1]},{first},0,"said ""no"", then\r\nyes",2\r\n')
        lines.append(f"{i},month3_arm_1,,,,,{second},{i % 2},,2\r\n")
    return b"\xef\xbb\xbf" + ("".join(lines) + repeats).encode()


def analysed(content: bytes, **tables: Any) -> Results:
    return run(plan_from(PLAN | tables), read_data(content, file="export.csv"))


def test_raw_codes_and_labels_give_the_same_report() -> None:
    raw, labelled = analysed(export()), analysed(export(labels=True))
    assert table3(raw).rows == table3(labelled).rows
    assert table3(raw).title == "Table 3. Changes from baseline to month 3, all participants"
    assert [row.label for row in table1(raw).rows] == ["Gender, No. (%)", "Woman", "Man", "Nonbinary"]
    assert [[cell.text() for cell in row.cells] for row in table4(raw).rows] == [["8/8 (100.0)"]]
    assert make_report(raw).shared[1].title == "Answers about the coaching"


def test_rows_of_repeating_instruments_are_left_out_and_said() -> None:
    found = analysed(export(repeats="3,month3_arm_1,diary,1,,,,,,0\r\n3,month3_arm_1,diary,2,,,,,,0\r\n"))
    assert table3(found).rows == table3(analysed(export())).rows
    assert "2 rows of repeating instruments were left out." in found.sets[0].outcomes[0].warnings


WRONG: list[tuple[bytes, str]] = [
    (
        export(repeats="3,month3_arm_1,diary,1,,,4.5,,,0\r\n"),
        "export.csv, line 50, column burnout: this value stands on a row of the repeating instrument diary; an",
    ),
    (
        (HEAD + "3,month3_arm_1,diary,1,1,1,,,,0\r\n").encode(),
        "export.csv, column redcap_repeat_instrument: every row is one of a repeating instrument.",
    ),
    (
        export().replace(b"5,baseline_arm_1,,,1,", b"5,baseline_arm_1,,,7,"),
        'export.csv, line 14, column arm: the code "7" is not in [data] codes.',
    ),
    (
        export() + b"5,month3_arm_1,,,0,,,,,2\r\n",
        'export.csv, line 50, column arm: participant 5 has "control" here and "coaching" in line 14.',
    ),
    (
        export() + b"5,month3_arm_1,,,,,3,,,2\r\n",
        "export.csv, line 50, column redcap_event_name: participant 5 has wave month3_arm_1 here and already",
    ),
    (
        export().replace(b"5,baseline_arm_1,,,1,3,4", b"5,baseline_arm_1,,,1,3,4;5"),
        "export.csv, line 14, column burnout: a number is expected here",
    ),
    (export() + b"17,baseline_arm_1\r\n", "export.csv, line 50: 10 values are expected here as in the header, not 2."),
    (export() + b"17,caf\xe9_arm_1\r\n", "export.csv, line 50: this line is not UTF-8 text"),
]


@pytest.mark.parametrize(("content", "sentence"), WRONG)
def test_what_is_wrong_is_said_with_its_line(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        analysed(content)
    assert str(caught.value).startswith(sentence)


SHARED = Path(os.environ.get("CONFRERE_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "redcap" / "redcapr"


@pytest.mark.parametrize(
    "name", ["longitudinal", "clinical-trial-1", "checkboxes-1", "repeating-instruments", "survey"]
)
def test_real_exports_are_read(name: str) -> None:
    file = SHARED / f"{name}__data.csv"
    if not file.exists():
        pytest.skip("the example projects are not here; set CONFRERE_SHARED to their folder")
    found = read_data(file.read_bytes(), file=file.name)
    assert found.n_rows > 0
    assert len({len(cells) for cells in found.texts.values()}) == 1

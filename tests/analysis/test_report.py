"""Every format shows the same cells; the folder is written whole or not at all."""

import io
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pytest

from confrere.analysis import InputError, Results, flow_svg, run, table3, table_csv, table_html, table_text
from confrere.analysis.document import report_docx, report_pdf
from confrere.analysis.page import report_html
from confrere.analysis.report import Report, Section, _said_once, make_report
from confrere.analysis.write import report_files, write_report
from confrere.science.flow import Arm, Box, Flow, Loss
from confrere.science.tables import Column, Row, Table, Words

Make = Callable[..., Any]


@pytest.fixture
def results(plan: Make, data: Make) -> Results:
    sets = [{"name": "everyone", "keep": "age > 0"}, {"name": "young", "keep": "age < 50"}]
    model = {"covariates": ["sex"], "levels": {"sex": ["w", "m"]}}
    found: Results = run(plan(sets=sets, model=model, trial={"title": "A <trial>"}), data())
    return found


class Cells(HTMLParser):
    """The texts of all td elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td" and "class" in dict(attrs):
            self._inside = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data


def test_page_terminal_document_and_file_print_the_same_cells(results: Results) -> None:
    table = table3(results)
    cells = [cell.text() for row in table.rows for cell in row.cells]
    assert Cells(table_html(table)).cells == cells
    assert all(cell in table_text(table) for cell in cells)
    lines = table_csv(table).splitlines()
    assert lines[1] == ",".join(["Score", *(cell.replace("−", "-") for cell in cells)])
    document = docx.Document(io.BytesIO(report_docx(make_report(results))))
    first = document.tables[0]
    assert [cell.text for cell in first.rows[-1].cells[1:]] == cells
    assert [cell.text for cell in first.rows[0].cells[1:]] == [
        *["T (n = 3)"] * 2,
        *["C (n = 3)"] * 2,
        *["T against c"] * 2,
    ]


def test_html_is_semantic_and_carries_no_style(results: Results) -> None:
    html = table_html(table3(results))
    assert "style=" not in html
    assert html.count('scope="colgroup"') == 3
    assert 'data-label="T (n = 3): Change (95% CI)"' in html
    assert "<caption>" in html


PLAIN = Table("t", "T", "S", (Column("=a"),), (Row("=cmd()"), Row("x", (Words("+1"),), indent=1)))


def test_a_formula_is_only_text_in_a_spreadsheet() -> None:
    assert table_csv(PLAIN) == "S,'=a\n'=cmd()\nx,'+1\n"


def test_a_table_without_groups_and_notes() -> None:
    assert table_text(PLAIN) == "T\n\nS       =a\n----------\n=cmd()\n  x     +1\n"
    assert '<th scope="rowgroup" colspan="2">=cmd()</th>' in table_html(PLAIN)
    assert "tfoot" not in table_html(PLAIN)
    assert '<th scope="row" class="indent">x</th>' in table_html(PLAIN)


def test_the_page_is_one_file_that_loads_nothing(results: Results) -> None:
    page = report_html(make_report(results))
    assert "<h1>A &lt;trial&gt;</h1>" in page
    assert not re.search(r'(src|href)="|<script|@import|url\(', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for labelled in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert set(labelled.split()) <= set(ids)


def test_figures_are_valid_svg_with_words_instead(results: Results) -> None:
    for section in make_report(results).sections:
        for figure in section.figures:
            root = ET.fromstring(figure.svg)
            space = "{http://www.w3.org/2000/svg}"
            assert root.find(f"{space}title") is not None
            assert (root.findtext(f"{space}desc") or "") == figure.alternative
            assert figure.alternative
            assert "style=" not in figure.svg


def test_the_pdf_is_tagged_for_accessibility(results: Results) -> None:
    pdf = report_pdf(make_report(results))
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid:part" in pdf
    assert b"/StructTreeRoot" in pdf


def test_pictures_in_the_document_have_words_instead(results: Results) -> None:
    report = make_report(results)
    with zipfile.ZipFile(io.BytesIO(report_docx(report))) as archive:
        xml = archive.read("word/document.xml").decode()
    assert xml.count("<w:tblHeader") == 8  # two sets; two lines of heads in Table 3, one in Tables 1 and 2
    for figure in report.sections[0].figures:
        assert f'descr="{figure.alternative}"' in xml


def test_a_section_without_notes_has_no_heading_for_them() -> None:
    report = Report("T", (Section("s", ("x",), (), (PLAIN,), ()),), ())
    assert "To bear in mind" not in report_html(report)
    assert "To bear in mind" not in [p.text for p in docx.Document(io.BytesIO(report_docx(report))).paragraphs]


def test_nothing_to_show_in_a_forest(plan: Make, data: Make) -> None:
    score = [3.0, 3.5, 4.0, 3.5, 2.0, 2.5, 4.0, None, 3.5, None, 3.0]
    found = make_report(run(plan(), data(score=score)))
    figures = {figure.name: figure.alternative for figure in found.sections[0].figures}
    assert figures["differences"] == "There is nothing to show."


def test_means_that_the_data_cannot_tell_are_not_drawn(plan: Make, data: Make) -> None:
    copy = {"covariates": ["sex"], "levels": {"sex": ["x", "y"]}}
    found = make_report(run(plan(model=copy), data(sex=["x"] * 6 + ["y"] * 5)))
    figures = {figure.name: figure.alternative for figure in found.sections[0].figures}
    assert figures["means-score"] == "There is nothing to show."


def test_secondary_outcomes_are_drawn_after_the_tables(plan: Make, data: Make) -> None:
    names = [{"name": "score", "role": "primary"}, {"name": "b", "column": "score"}, {"name": "age"}]
    report = make_report(run(plan(outcomes=names), data(age=[3, 4, 2, 5, 1, 2, 4, 2, 3, 2, 2])))
    figures = {figure.name: figure.leading for figure in report.sections[0].figures}
    assert figures == {"means-score": True, "means-b": False, "means-age": False, "differences": True, "flow": True}
    page = report_html(report)
    places = [page.index(f'aria-labelledby="{name}-title') for name in ("means-score", "means-b")]
    assert places[0] < page.index("<caption>Table 3") < places[1]
    assert report_pdf(report).startswith(b"%PDF-")
    assert len(docx.Document(io.BytesIO(report_docx(report))).inline_shapes) == 5


def test_a_flow_with_side_notes_and_uneven_arms() -> None:
    arms = (Arm("a", (Box("x", "Allocated", 3, notes=("2 moved away",)), Box("y", "Analysed", 2, (Loss("Lost", 1),)))),)
    svg = flow_svg(Flow("F", (Box("r", "Randomized", 5),), (*arms, Arm("b", (Box("x", "Allocated", 2),)))), name="one")
    assert "2 moved away" in svg
    assert 'id="one-desc">Randomized 5. a: Allocated 3. a: Analysed 2; Lost 1. b: Allocated 2.<' in svg


def test_the_folder(results: Results, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    write_report(results, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()}.keys() == report_files(results).keys()
    assert [path.name for path in out.parent.iterdir()] == ["folder"]
    names = {"results.json", "report.html", "report.docx", "report.pdf", "table3.csv", "table3-young.csv"}
    assert names | {"flow.svg", "flow-young.svg", "means-score.svg", "differences.svg"} <= {
        p.name for p in out.iterdir()
    }


def test_a_folder_that_holds_something_is_left_alone(results: Results, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="this is not a new or empty folder"):
        write_report(results, tmp_path)
    with pytest.raises(InputError, match="this is not a new or empty folder"):
        write_report(results, tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made(results: Results, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="this folder cannot be made"):
        write_report(results, tmp_path / "file" / "out")


def test_the_same_results_give_the_same_pages(results: Results) -> None:
    one, two = report_files(results), report_files(results)
    assert {name for name in one if one[name] != two[name]} <= {"report.docx"}


def test_a_forest_of_several_interventions_names_them(plan: Make, data: Make) -> None:
    arms = {"control": "c", "interventions": ["t", "u"]}
    found = make_report(run(plan(arms=arms), data(arm=["c"] * 6 + ["t"] * 2 + ["u"] * 3)))
    figures = {figure.name: figure.alternative for figure in found.sections[0].figures}
    assert figures["differences"].startswith("Score, t −")


@pytest.mark.parametrize(
    ("said", "everyone", "printed"),
    [
        ([("a_b", "X."), ("c", "X.")], ["a_b", "c"], ("All outcomes: X.",)),
        ([("a_b", "X."), ("c", "X."), ("c", "Y.")], ["a_b", "c", "d"], ("A b, C: X.", "C: Y.")),
        ([("a_b", "X.")], ["a_b"], ("A b: X.",)),
        ([], ["a_b"], ()),
    ],
)
def test_a_line_is_said_once_with_the_outcomes_it_is_about(
    said: list[tuple[str, str]], everyone: list[str], printed: tuple[str, ...]
) -> None:
    assert _said_once(said, everyone) == printed

"""Every format shows the same cells; the folder is written whole or not at all."""

import fcntl
import io
import os
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
from confrere.analysis.page import report_html
from confrere.analysis.pdf import figure_pdf, figure_png, report_pdf
from confrere.analysis.plan import Model, Outcome
from confrere.analysis.report import Report, Section, _said_once, make_report
from confrere.analysis.svg import apart
from confrere.analysis.word import report_docx
from confrere.analysis.write import report_files, write_files, write_report
from confrere.science.flow import Arm, Box, Flow, Loss, Tally
from confrere.science.tables import Column, Empty, Row, Table, Words

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
        *["T minus c"] * 2,
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
    assert not re.search(r'src="|href="[^#]|<script|@import|url\(', page)
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
    assert (
        xml.count("<w:tblHeader") == 11
    )  # two lines of heads in Tables 3 and 2 of both sets, one in Table 1 and the checklist
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
    assert figures == {
        "means-score": True,
        "means-b": False,
        "means-age": False,
        "differences": True,
        "individual-score": False,
    }
    page = report_html(report)
    places = [page.index(f'aria-labelledby="{name}-title') for name in ("means-score", "means-b")]
    assert places[0] < page.index("<caption>Table 3") < places[1]
    assert report_pdf(report).startswith(b"%PDF-")
    assert len(docx.Document(io.BytesIO(report_docx(report))).inline_shapes) == 6


def test_a_flow_with_side_notes_and_uneven_arms() -> None:
    arms = (Arm("a", (Box("x", "Allocated", 3, notes=("2 moved away",)), Box("y", "Analysed", 2, (Loss("Lost", 1),)))),)
    svg = flow_svg(Flow("F", (Box("r", "Randomized", 5),), (*arms, Arm("b", (Box("x", "Allocated", 2),)))), name="one")
    assert "2 moved away" in svg
    assert 'id="one-desc">Randomized 5. a: Allocated 3. a: Analysed 2; Lost 1. b: Allocated 2.<' in svg


def test_the_last_boxes_of_uneven_arms_stand_in_one_row() -> None:
    short = Arm("b", (Box("x", "Allocated", 2),), analysed=(Tally("All", 2),))
    long = Arm("a", (Box("x", "Allocated", 3), Box("y", "Released", 3)), analysed=(Tally("All", 3),))
    svg = flow_svg(Flow("F", (Box("r", "Randomized", 5),), (long, short)))
    heights = re.findall(r'y="([\d.]+)"[^>]*>Analysed<', svg)
    assert len(heights) == 2
    assert heights[0] == heights[1]
    assert svg.count("<rect") == 6


def test_the_folder(results: Results, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    write_report(results, out)
    written = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*.*")}
    assert written.keys() == report_files(results).keys()
    assert [path.name for path in out.parent.iterdir()] == ["folder"]
    names = {"results.json", "report.html", "report.docx", "report.pdf", "table3.csv", "table3-young.csv"}
    names |= {"flow.svg", "figures/flow.pdf", "figures/flow.png", "consort.csv", "means-score.svg", "differences.svg"}
    assert names <= set(written)


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


def test_what_a_killed_run_left_is_swept_and_what_another_writes_is_kept(tmp_path: Path) -> None:
    left, busy, mine = (tmp_path / name for name in (".out-a.unfinished", ".out-b.unfinished", ".out-mine"))
    for folder in (left, busy, mine):
        (folder / "figures").mkdir(parents=True)
    held = os.open(busy, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    write_files({"figures/one.svg": b"1"}, tmp_path / "out")
    os.close(held)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out-b.unfinished", ".out-mine", "out"]
    assert (tmp_path / "out" / "figures" / "one.svg").read_bytes() == b"1"


def test_files_that_cannot_be_written_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="out: this folder cannot be made"):
        write_files({"a": b"1", "a/b": b"2"}, tmp_path / "out")  # a file stands where a folder is needed
    assert not list(tmp_path.iterdir())


def test_the_same_results_give_the_same_pages(results: Results) -> None:
    one, two = report_files(results), report_files(results)
    assert {name for name in one if one[name] != two[name]} <= {"report.docx"}


def test_a_forest_of_several_interventions_names_them(plan: Make, data: Make) -> None:
    arms = {"control": "c", "interventions": ["t", "u"]}
    found = make_report(run(plan(arms=arms), data(arm=["c"] * 6 + ["t"] * 2 + ["u"] * 3)))
    figures = {figure.name: figure.alternative for figure in found.sections[0].figures}
    assert figures["differences"].startswith("Score, t (lower is better) −")


@pytest.mark.parametrize(
    ("said", "everyone", "printed"),
    [
        ([("a_b", "x."), ("c", "x.")], 2, ("All outcomes: X.",)),
        ([("a_b", "x."), ("c", "x."), ("c", "Y.")], 3, ("A b, C: X.", "C: Y.")),
        ([("a_b", "X.")], 1, ("A b: X.",)),
        ([], 1, ()),
    ],
)
def test_a_line_is_said_once_with_the_outcomes_it_is_about(
    said: list[tuple[str, str]], everyone: int, printed: tuple[str, ...]
) -> None:
    assert _said_once([(Outcome(name, name, Model()), line) for name, line in said], everyone) == printed


def test_footnotes_are_letters_in_every_format() -> None:
    rows = (Row("x", (Words("1"), Empty("Nobody.")), footnotes=("About x.",)), Row("y", footnotes=("About x.",)))
    table = Table("t", "T", "S", (Column("a", footnotes=("About a.",)), Column("b")), rows)
    html = table_html(table)
    assert '<th scope="col">a<sup>a</sup></th>' in html
    assert '<th scope="row">x<sup>b</sup></th>' in html
    assert "–<sup>c</sup></td>" in html
    assert 'colspan="3">y<sup>b</sup></th>' in html
    assert "<p><sup>b</sup> About x.</p>" in html
    assert table_text(table).splitlines()[-3:] == ["ᵃ About a.", "ᵇ About x.", "ᶜ Nobody."]
    assert "xᵇ" in table_text(table)
    assert table_csv(table) == "S,a,b\nx,1,–\ny\n"
    report = Report("T", (Section("s", (), (), (table,), ()),), ())
    paragraphs = docx.Document(io.BytesIO(report_docx(report))).paragraphs
    assert [one.text for one in paragraphs if one.text.startswith("b ")] == ["b About x."]
    assert report_pdf(report).startswith(b"%PDF-")


def test_a_narrow_group_with_a_long_name_keeps_the_columns_aligned() -> None:
    columns = (Column("a", "A group with a long name"), Column("b", "B"))
    lines = table_text(Table("t", "T", "S", columns, (Row("x", (Words("1"), Words("2"))),))).splitlines()
    assert lines[2:] == [
        "   A group with a long name  B",
        "S                         a  b",
        "------------------------------",
        "x                         1  2",
    ]


def test_a_wide_table_turns_the_page() -> None:
    columns = tuple(Column(f"column {i}") for i in range(8))
    wide = Table("t", "T", "S", columns, (Row("x", tuple(Words("1") for _ in columns)),))
    sizes = [
        re.search(rb"/MediaBox\s*\[0 0 (\d+)", report_pdf(Report("T", (Section("s", (), (), (one,), ()),), ())))
        for one in (wide, PLAIN)
    ]
    assert [size and size[1] for size in sizes] == [b"841", b"595"]


def test_everybody_s_own_change_is_drawn(plan: Make, data: Make) -> None:
    found = make_report(run(plan(), data()))
    figures = {figure.name: figure for figure in found.sections[0].figures}
    one = figures["individual-score"]
    assert one.alternative == "C: 2 fell, 1 rose, 0 stayed. T: 2 fell, 0 rose, 0 stayed.".replace(
        "2 fell, 1", "1 fell, 2"
    )
    assert one.svg.count("<circle") == 3
    assert one.svg.count('<rect class="accent"') == 2
    many = {"control": "c", "interventions": ["t", "u", "v"]}
    arms = ["c"] * 4 + ["t"] * 2 + ["u"] * 2 + ["v"] * 3
    wide = {f.name: f for f in make_report(run(plan(arms=many), data(arm=arms))).sections[0].figures}
    assert 'class="figure wide"' in wide["individual-score"].svg
    assert "2 3" in wide["means-score"].svg


def test_the_analysis_sets_stand_in_one_last_box(results: Results) -> None:
    svg = flow_svg(results.flow)
    assert svg.count(">Analysed<") == 2
    assert "T: Analysed, Young 2; left out by its rule 1." in svg
    assert 'class="figure"' in svg


def test_labels_at_the_ends_of_lines_keep_their_distance() -> None:
    assert apart([10.0, 50.0, 12.0], 16) == [10.0, 50.0, 26.0]


def test_a_figure_as_a_page_is_tagged(results: Results) -> None:
    figure = make_report(results).shared[0].figures[0]
    assert b"pdfuaid:part" in figure_pdf(figure)
    assert figure_png(figure).startswith(b"\x89PNG")


def test_a_table_of_words_may_have_any_number_of_columns() -> None:
    for n in (1, 4):
        columns = tuple(Column(f"c{i}") for i in range(n))
        table = Table("t", "T", "S", columns, (Row("x", tuple(Words("some words") for _ in columns)),))
        assert report_pdf(Report("T", (Section("s", (), (), (table,), ()),), ())).startswith(b"%PDF-")

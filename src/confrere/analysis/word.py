"""The report as a Word document: real tables with repeated heads, pictures with words for those who see none."""

import io
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from confrere.analysis.pdf import figure_png
from confrere.analysis.report import Figure, Report, Section
from confrere.science.tables import Table, Words


def report_docx(report: Report) -> bytes:
    """The document, landscape, with the cells of the page."""
    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(2)
    document.core_properties.title, document.core_properties.author = report.title, "confrère"
    document.core_properties.language = "en"
    document.add_heading(report.title, level=0)
    for section in report.parts:
        _add_section(document, section)
    document.add_heading("How this was computed", level=1)
    for line in report.methods:
        document.add_paragraph(line, style="List Bullet")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_section(document: Document, section: Section) -> None:
    document.add_heading(section.title, level=1)
    for sentence in section.sentences:
        document.add_paragraph(sentence)
    for figure in section.figures:
        if figure.leading:
            _add_figure(document, figure)
    for table in section.tables:
        _add_table(document, table)
    for figure in section.figures:
        if not figure.leading:
            _add_figure(document, figure)
    if section.notes:
        document.add_heading("To bear in mind", level=2)
        for note in section.notes:
            document.add_paragraph(note, style="List Bullet")


def _add_figure(document: Document, figure: Figure) -> None:
    wide = 'class="figure wide"' in figure.svg
    shape = document.add_picture(io.BytesIO(figure_png(figure)), width=Cm(16 if wide else 11))
    shape._inline.docPr.set("descr", figure.alternative)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph(figure.caption, style="Caption")


def _add_table(document: Document, table: Table) -> None:
    document.add_paragraph(table.title, style="Caption").paragraph_format.keep_with_next = True
    grouped = any(name for name, _ in table.groups)
    heads = 1 + grouped
    grid = document.add_table(rows=heads + len(table.rows), cols=1 + len(table.columns), style="Light Shading")
    if grouped:
        at = 1
        for name, n in table.groups:
            head = grid.cell(0, at).merge(grid.cell(0, at + n - 1))
            head.text = name
            head.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            at += n
    _write(grid.cell(heads - 1, 0).paragraphs[0], table.stub, "")
    for j, column in enumerate(table.columns, start=1):
        _write(grid.cell(heads - 1, j).paragraphs[0], column.title, table.letters(column.footnotes))
    for i, row in enumerate(table.rows, start=heads):
        _write(grid.cell(i, 0).paragraphs[0], "    " * row.indent + row.label, table.letters(row.footnotes))
        for j, cell in enumerate(row.cells, start=1):
            paragraph = grid.cell(i, j).paragraphs[0]
            _write(paragraph, cell.text(), table.letters(cell.said()))
            words = isinstance(cell, Words) and not cell.text().isdigit()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if words else WD_ALIGN_PARAGRAPH.RIGHT
    for i in range(heads):
        grid.rows[i]._tr.get_or_add_trPr().append(_mark("w:tblHeader"))
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(_mark("w:cantSplit"))
    for letter, text in table.footnotes:
        note = document.add_paragraph()
        _write(note, "", letter)
        note.add_run(f" {text}")
        _small(note)
    for text in table.notes:
        _small(document.add_paragraph(text))


def _write(paragraph: Paragraph, text: str, letters: str) -> None:
    """A text with its footnotes' letters raised."""
    paragraph.add_run(text)
    if letters:
        paragraph.add_run(letters).font.superscript = True


def _small(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.space_after = Pt(2)
    for run in paragraph.runs:
        run.font.size = Pt(8)


def _mark(name: str) -> Any:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    return mark

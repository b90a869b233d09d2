"""The report as PDF (tagged, PDF/UA-1) and as a Word document; both from the same cells as the page."""

import io
import json
from importlib.resources import files
from typing import Any

import docx
import typst
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from confrere.analysis.report import Figure, Report
from confrere.science.tables import Table

_DRAW = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 16cm)'


def report_pdf(report: Report) -> bytes:
    """A PDF/UA-1 file; typst refuses to make one whose figures have no alternative text."""
    content = json.dumps(_content(report), ensure_ascii=False)
    template = files("confrere.analysis").joinpath("report.typ").read_bytes()
    return _compile(template, {"report": content}, format="pdf", pdf_standards=["ua-1"])


def figure_png(figure: Figure) -> bytes:
    """The figure as a picture, for formats that show no SVG."""
    return _compile(_DRAW, {"svg": figure.svg}, format="png", ppi=200)


def _compile(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    compiler = typst.Compiler(source, ignore_system_fonts=True, sys_inputs=inputs)
    made = compiler.compile(timestamp=0, **options)
    return made if isinstance(made, bytes) else b"".join(made or [])


def _content(report: Report) -> dict[str, Any]:
    return {
        "title": report.title,
        "methods": report.methods,
        "sections": [
            {
                "title": section.title,
                "sentences": section.sentences,
                "notes": section.notes,
                "figures": [
                    {
                        "svg": figure.svg,
                        "alternative": figure.alternative,
                        "caption": figure.caption,
                        "leading": figure.leading,
                        "small": figure.name.startswith("means"),
                    }
                    for figure in section.figures
                ],
                "tables": [_grid(table) for table in section.tables],
            }
            for section in report.sections
        ],
    }


def _grid(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "stub": table.stub,
        "groups": table.groups,
        "columns": [column.title for column in table.columns],
        "rows": [
            {"label": row.label, "indent": row.indent, "cells": [cell.text() for cell in row.cells]}
            for row in table.rows
        ],
        "notes": table.notes,
    }


def report_docx(report: Report) -> bytes:
    """A Word document with real tables (repeated heads) and pictures with alternative text."""
    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = Cm(2)
    document.core_properties.title, document.core_properties.author = report.title, "confrère"
    document.add_heading(report.title, level=0)
    for section in report.sections:
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
    document.add_heading("How this was computed", level=1)
    for line in report.methods:
        document.add_paragraph(line, style="List Bullet")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_figure(document: Document, figure: Figure) -> None:
    shape = document.add_picture(io.BytesIO(figure_png(figure)), width=Cm(15))
    shape._inline.docPr.set("descr", figure.alternative)
    document.add_paragraph(figure.caption, style="Caption")


def _add_table(document: Document, table: Table) -> None:
    document.add_paragraph(table.title, style="Caption")
    grouped = any(name for name, _ in table.groups)
    heads = 1 + grouped
    grid = document.add_table(rows=heads + len(table.rows), cols=1 + len(table.columns), style="Light List Accent 1")
    if grouped:
        at = 1
        for name, n in table.groups:
            grid.cell(0, at).merge(grid.cell(0, at + n - 1)).text = name
            at += n
    titles = [table.stub, *(column.title for column in table.columns)]
    for j, title in enumerate(titles):
        grid.cell(heads - 1, j).text = title
    for i, row in enumerate(table.rows, start=heads):
        grid.cell(i, 0).text = "    " * row.indent + row.label
        for j, cell in enumerate(row.cells, start=1):
            paragraph = grid.cell(i, j).paragraphs[0]
            paragraph.text, paragraph.alignment = cell.text(), WD_ALIGN_PARAGRAPH.RIGHT
    for i in range(heads):
        grid.rows[i]._tr.get_or_add_trPr().append(_repeated_head())
    for note in table.notes:
        document.add_paragraph(note).runs[0].font.size = Pt(8)


def _repeated_head() -> Any:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    return mark

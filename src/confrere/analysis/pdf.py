"""The report as PDF (tagged, PDF/UA-1), and figures as pictures; from the same cells as the page."""

import json
from importlib.resources import files
from typing import Any

import typst

from confrere.analysis.report import Figure, Report
from confrere.science.tables import Table, Words

_PORTRAIT_COLUMNS = 6
_DRAW = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 16cm)'

_ALONE = b"""#let one = json(bytes(sys.inputs.figure))
#set document(title: one.title, date: none)
#set text(lang: "en")
#set page(width: auto, height: auto, margin: 4mm)
#image(bytes(one.svg), format: "svg", alt: one.alternative)"""


def report_pdf(report: Report) -> bytes:
    """A PDF/UA-1 file; typst refuses to make one whose figures have no alternative text."""
    content = json.dumps(_content(report), ensure_ascii=False)
    template = files("confrere.analysis").joinpath("report.typ").read_bytes()
    return _compile(template, {"report": content}, format="pdf", pdf_standards=["ua-1"])


def figure_png(figure: Figure) -> bytes:
    """The figure as a picture, for formats that show no SVG."""
    return _compile(_DRAW, {"svg": figure.svg}, format="png", ppi=200)


def figure_pdf(figure: Figure) -> bytes:
    """The figure as a page of its own size, for journals; tagged with the words that stand for it."""
    alone = {"svg": figure.svg, "alternative": figure.alternative, "title": figure.caption}
    return _compile(_ALONE, {"figure": json.dumps(alone)}, format="pdf", pdf_standards=["ua-1"])


def _compile(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    compiler = typst.Compiler(source, ignore_system_fonts=True, sys_inputs=inputs)
    made = compiler.compile(timestamp=0, **options)
    return made if isinstance(made, bytes) else b"".join(made or [])


def _content(report: Report) -> dict[str, Any]:
    widest = max((len(table.columns) for section in report.parts for table in section.tables), default=0)
    return {
        "title": report.title,
        "methods": report.methods,
        "landscape": widest > _PORTRAIT_COLUMNS,
        "sections": [
            {
                "title": section.title,
                "sentences": section.sentences,
                "notes": section.notes,
                "figures": [_drawing(figure) for figure in section.figures],
                "tables": [_grid(table) for table in section.tables],
            }
            for section in report.parts
        ],
    }


def _drawing(figure: Figure) -> dict[str, Any]:
    return {
        "svg": figure.svg,
        "alternative": figure.alternative,
        "caption": figure.caption,
        "leading": figure.leading,
        "wide": 'class="figure wide"' in figure.svg,
    }


def _grid(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "stub": table.stub,
        "groups": table.groups,
        "columns": [_marked(table, column.title, column.footnotes) for column in table.columns],
        "rows": [
            {
                "label": _marked(table, row.label, row.footnotes),
                "indent": row.indent,
                "cells": [_marked(table, cell.text(), cell.said()) for cell in row.cells],
            }
            for row in table.rows
        ],
        "words": all(isinstance(cell, Words) for row in table.rows for cell in row.cells),
        "footnotes": table.footnotes,
        "notes": table.notes,
    }


def _marked(table: Table, text: str, footnotes: tuple[str, ...]) -> tuple[str, str]:
    """A text and the letters of its footnotes."""
    return text, table.letters(footnotes)

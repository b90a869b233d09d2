"""The same cells as HTML, as lines for a terminal, and as CSV."""

import csv
import io
from html import escape

from confrere.science.tables import MINUS, Cell, Column, Row, Table, Words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_RAISED = str.maketrans("abcdefghijklmnoprstuvwxyz,", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ˒")


def table_html(table: Table) -> str:
    """Semantic HTML with classes and no styling, fit for a page under a strict content security policy.

    Each cell carries its column's title in ``data-label``, so a narrow screen can show rows as cards. Footnotes
    are letters in ``<sup>``, explained below the table before its notes.
    """
    width = len(table.columns)
    grouped = any(name for name, _ in table.groups)
    lines = [
        f'<table class="result" id="{escape(table.name)}">',
        f"<caption>{escape(table.title)}</caption>",
        "<thead>",
    ]
    titles = "".join(f'<th scope="col">{escape(c.title)}{_mark(table, c.footnotes)}</th>' for c in table.columns)
    if grouped:
        heads = "".join(f'<th scope="colgroup" colspan="{n}">{escape(name)}</th>' for name, n in table.groups)
        lines.append(f'<tr><th scope="col" rowspan="2">{escape(table.stub)}</th>{heads}</tr>')
        lines.append(f"<tr>{titles}</tr>")
    else:
        lines.append(f'<tr><th scope="col">{escape(table.stub)}</th>{titles}</tr>')
    lines += ["</thead>", "<tbody>"]
    lines += [_row_html(table, row, width) for row in table.rows]
    lines.append("</tbody>")
    below = [f"<p><sup>{letter}</sup> {escape(text)}</p>" for letter, text in table.footnotes]
    below += [f"<p>{escape(note)}</p>" for note in table.notes]
    if below:
        lines.append(f'<tfoot><tr><td colspan="{width + 1}">{"".join(below)}</td></tr></tfoot>')
    lines.append("</table>")
    return "\n".join(lines)


def _row_html(table: Table, row: Row, width: int) -> str:
    mark = _mark(table, row.footnotes)
    if not row.cells:
        return f'<tr class="heading"><th scope="rowgroup" colspan="{width + 1}">{escape(row.label)}{mark}</th></tr>'
    indent = ' class="indent"' if row.indent else ""
    cells = []
    for column, cell in zip(table.columns, row.cells, strict=True):
        kind = "words" if isinstance(cell, Words) and not cell.text().isdigit() else "number"
        shown = escape(cell.text()) + _mark(table, cell.said())
        cells.append(f'<td class="{kind}" data-label="{escape(_head(column))}">{shown}</td>')
    return f'<tr><th scope="row"{indent}>{escape(row.label)}{mark}</th>{"".join(cells)}</tr>'


def _mark(table: Table, texts: tuple[str, ...]) -> str:
    return f"<sup>{table.letters(texts)}</sup>" if texts else ""


def _head(column: Column) -> str:
    return f"{column.group}: {column.title}" if column.group else column.title


def table_csv(table: Table) -> str:
    """One header line and one line per row, as printed but with ASCII minus signs; footnotes and notes are left out.

    A label that a spreadsheet would run as a formula gets a leading apostrophe.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow([_tame(table.stub), *(_tame(_head(column)) for column in table.columns)])
    for row in table.rows:
        writer.writerow([_tame(row.label), *(_cell_csv(cell) for cell in row.cells)])
    return target.getvalue()


def _cell_csv(cell: Cell) -> str:
    text = cell.text().replace(MINUS, "-")
    return _tame(text) if isinstance(cell, Words) else text


def _tame(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def table_text(table: Table) -> str:
    """Aligned lines for a terminal: labels to the left, cells to the right, footnotes as raised letters."""
    heads = [column.title + _raised(table, column.footnotes) for column in table.columns]
    body = [
        [
            "  " * row.indent + row.label + _raised(table, row.footnotes),
            *(cell.text() + _raised(table, cell.said()) for cell in row.cells),
        ]
        for row in table.rows
    ]
    grid = [[table.stub, *heads], *body]
    count = len(heads) + 1
    widths = [max(len(line[j]) for line in grid if len(line) == count) for j in range(count)]
    widths[0] = max(len(line[0]) for line in grid)
    _widen(table, widths)
    lines = [table.title, ""]
    if any(name for name, _ in table.groups):
        lines.append(_groups_text(table, widths))
    for line in grid:
        cells = [text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=False)]
        lines.append("  ".join([line[0].ljust(widths[0]), *cells]).rstrip())
        if line is grid[0]:
            lines.append("-" * (sum(widths) + 2 * (count - 1)))
    below = [f"{letter.translate(_RAISED)} {text}" for letter, text in table.footnotes]
    return "\n".join([*lines, "", *below, *table.notes])


def _raised(table: Table, texts: tuple[str, ...]) -> str:
    return table.letters(texts).translate(_RAISED) if texts else ""


def _widen(table: Table, widths: list[int]) -> None:
    """Widen the first column of a group whose name needs more room than its columns have."""
    at = 1
    for name, n in table.groups:
        widths[at] += max(len(name) - sum(widths[at : at + n]) - 2 * (n - 1), 0)
        at += n


def _groups_text(table: Table, widths: list[int]) -> str:
    parts, at = [" " * widths[0]], 1
    for name, n in table.groups:
        parts.append(name.rjust(sum(widths[at : at + n]) + 2 * (n - 1)))
        at += n
    return "  ".join(parts).rstrip()

"""A script of R that reads the CSV file with its factors and labels, in base R alone."""

from confrere.analysis.export.table import Table, Variable


def import_r(table: Table) -> str:
    """Reads ``data.csv`` into ``d``; texts get back what the apostrophe kept a spreadsheet from running."""
    lines = [
        "# Reads data.csv with its factors and labels. Run it in its folder: source('import.R')",
        f"kinds <- c({', '.join(map(_class, table.variables))})",
        "d <- read.csv('data.csv', colClasses = kinds, na.strings = '', check.names = FALSE, encoding = 'UTF-8')",
        "for (name in names(d)) if (is.character(d[[name]]))",
        r"""  d[[name]] <- sub("^'([=+@\t\r\n-])", "\\1", d[[name]])""",
        *(_factor(one) for one in table.variables if one.codes),
        *(f"attr(d[[{_text(one.name)}]], 'label') <- {_text(one.label)}" for one in table.variables),
    ]
    return "\n".join(lines) + "\n"


def _class(one: Variable) -> str:
    return f"{_text(one.name)} = '{'numeric' if one.kind == 'number' else 'character'}'"


def _factor(one: Variable) -> str:
    levels = ", ".join(_text(code) for code, _ in one.codes)
    labels = ", ".join(_text(label) for _, label in one.codes)
    name = _text(one.name)
    return f"d[[{name}]] <- factor(d[[{name}]], levels = c({levels}), labels = c({labels}))"


def _text(text: str) -> str:
    """A text of R: quotes and backslashes escaped, so that no label can become code."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'

"""The cells of a finished table against each other: what a reader with a pencil would add up."""

from confrere.analysis.checks import agrees, check, close
from confrere.analysis.results import Results
from confrere.science.tables import Count, Interval, PValue, Row, Table, Words


def check_tables(results: Results, tables: tuple[Table, ...], *, chosen: int) -> None:
    """Raise `confrere.analysis.checks.CheckError` for the first cell of an analysis set's tables that is wrong."""
    sizes = results.sets[chosen].n_by_arm
    printed = [*sizes[1:], sizes[0]]
    for table in tables:
        if table.name == "table1":
            _characteristics(table, printed)
        elif table.name == "table2":
            _described(table)
        elif table.name == "table3":
            outcomes, later = results.sets[chosen].outcomes, results.waves[1:]
            _changes(table, len(printed), [one.outcome.model.level for one in outcomes for _ in later])


def _characteristics(table: Table, sizes: list[int]) -> None:
    """Under each heading the counts add up to those who answered, and with those who did not to the arm."""
    for heading, rows in _blocks(table):
        for j, n in enumerate(sizes):
            cells = [row.cells[j] for row in rows]
            counts = [cell for cell in cells if isinstance(cell, Count)]
            lost = sum(int(cell.text()) for cell in cells if isinstance(cell, Words))
            found = sum(cell.n for cell in counts)
            where = f"{table.title}: {heading}, {table.columns[j].title}"
            for cell in counts:
                check(
                    cell.total == found, f"{where}: the counts add up to {found}, the percentages are of {cell.total}."
                )
            if counts:
                check(found + lost == n, f"{where}: {found} and {lost} without an answer are not {n}.")


def _blocks(table: Table) -> list[tuple[str, list[Row]]]:
    """Each heading with the rows below it."""
    blocks: list[tuple[str, list[Row]]] = []
    for row in table.rows:
        if not row.indent:
            blocks.append((row.label, []))
        if row.cells:
            blocks[-1][1].append(row)
    return blocks


def _described(table: Table) -> None:
    """A percentage is of those whom the cell before it counts."""
    for row in table.rows:
        for answered, cell in zip(row.cells[::2], row.cells[1::2], strict=True):
            if isinstance(cell, Count):
                right = answered.text() == str(cell.total)
                check(right, f"{table.title}: {row.label}: {cell.text()} is of {cell.total}, not {answered.text()}.")


def _changes(table: Table, arms: int, levels: list[float]) -> None:
    """A difference in change is the difference of the changes beside it, and its P value agrees with its interval."""
    for row, level in zip((row for row in table.rows if row.cells), levels, strict=True):
        control = row.cells[2 * (arms - 1)]
        for a in range(arms - 1):
            change, difference, p = row.cells[2 * a], row.cells[2 * (arms + a)], row.cells[2 * (arms + a) + 1]
            where = f"{table.title}: {row.label}"
            if isinstance(change, Interval) and isinstance(control, Interval) and isinstance(difference, Interval):
                made = change.estimate - control.estimate
                # Changes are differences of means, whose size the cells no longer show: their intervals stand for it.
                sizes = (change.lower, change.upper, control.lower, control.upper, 1e-3)
                right = close(made, difference.estimate, *sizes)
                check(right, f"{where}: the difference is {difference.text()}, the changes give {made:.6g}.")
            if isinstance(difference, Interval) and isinstance(p, PValue):
                right = agrees(p.value, difference.lower, difference.upper, level)
                check(right, f"{where}: P {p.text()} contradicts {difference.text()}.")

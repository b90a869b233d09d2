"""Read a package of simulated rows with R: data.csv by its own script, data.sav by haven and by foreign.

    python validation/exports/run.py

Needs Rscript with haven and foreign (the latter comes with R). Every cell is compared with the table.
"""

import csv
import io
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from confrere.analysis import plan_from, read_csv
from confrere.analysis.export import named_package, table_of

ROWS = """id,arm,dept,seen,wave,score
a1,c,chirurgie très très longue,1,0,2.5
a1,c,chirurgie très très longue,1,3,
b2,t,=1+1,0,0,-3.000000000000001
c3,t,,2,0,4
""".encode()
PLAN: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "c", "intervention": "t"},
    "waves": {"baseline": "0", "order": ["0", "3"]},
    "outcomes": [{"name": "score"}],
    "labels": {"arms": {"t": "coaching, ü"}, "waves": {"0": "baseline", "3": "month 3"}},
}
READ = """
source("import.R")
show <- function(frame) {
  cells <- as.data.frame(lapply(frame, function(x) {
    text <- if (is.numeric(x)) format(as.numeric(x), digits = 17, trim = TRUE) else as.character(x)
    ifelse(is.na(x), "", text)
  }), check.names = FALSE)
  write.csv(cells, stdout(), row.names = FALSE)
  cat("--\\n")
}
show(d)
show(haven::as_factor(haven::read_sav("data.sav")))
show(suppressWarnings(foreign::read.spss("data.sav", to.data.frame = TRUE)))
"""


def main() -> None:
    """One line a reader: how many cells it read, and how many are not those of the table."""
    table = table_of(plan_from(PLAN), read_csv(ROWS))
    labels = {one.name: dict(one.codes) for one in table.variables}
    names = [one.name for one in table.variables]
    wanted = [
        ["" if cell is None else labels[name].get(f"{cell}", cell) for name, cell in zip(names, row, strict=True)]
        for row in table.rows
    ]
    files = named_package(table, title="T", made="", original=ROWS, plan=b"", agreement="", purpose="-")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        command = ["Rscript", "-e", READ]
        said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603
    readers = ("import.R", "haven", "foreign")
    for reader, text in zip(readers, said.split("--\n"), strict=False):
        _, *rows = csv.reader(io.StringIO(text))
        wrong = [
            (found, cell)
            for row, cells in zip(rows, wanted, strict=True)
            for found, cell in zip(row, cells, strict=True)
            if (float(found) != cell if isinstance(cell, float) else found.strip() != cell)
        ]
        print(f"| {reader} | {len(rows) * len(names)} cells | {wrong or 'all equal'} |")  # noqa: T201


if __name__ == "__main__":
    main()

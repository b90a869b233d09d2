"""A frozen data set as files for other programs, and the checks before anything of it becomes public.

One `Table` of typed cells is written as CSV, Parquet, SPSS and ODM, with a codebook and an R script that reads it.
`check_cells` finds groups that are too small, `identifiers_in` what points at a person."""

from confrere.analysis.export.identifiers import Finding, identifiers_in
from confrere.analysis.export.package import NAMED_FILES, named_package, public_package, zipped
from confrere.analysis.export.recode import Choice, recoded, renumbered
from confrere.analysis.export.small_cells import SMALLEST, SmallCell, small_cells
from confrere.analysis.export.table import Table, Variable, table_of

__all__ = [
    "NAMED_FILES",
    "SMALLEST",
    "Choice",
    "Finding",
    "SmallCell",
    "Table",
    "Variable",
    "identifiers_in",
    "named_package",
    "public_package",
    "recoded",
    "renumbered",
    "small_cells",
    "table_of",
    "zipped",
]

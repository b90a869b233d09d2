"""A plan and a data file in, results and tables out. Pure functions over `confrere.science`; no Django.

The statistician's command line and the results page of a programme both stand on this room, so they print
the same cells. Only `confrere.analysis.write` touches files, and only when it is imported are the document
libraries loaded. `confrere.analysis.questionnaire` reads and writes questionnaires of other systems.
"""

from confrere.analysis.changes_table import table3
from confrere.analysis.columns import Columns, columns_from, read_csv
from confrere.analysis.data_file import read_data
from confrere.analysis.errors import InputError
from confrere.analysis.flow_figure import flow_svg
from confrere.analysis.plan import Plan
from confrere.analysis.plan_file import plan_from, read_plan
from confrere.analysis.published import as_json
from confrere.analysis.render import table_csv, table_html, table_text
from confrere.analysis.results import Results
from confrere.analysis.run import run
from confrere.analysis.tables import table1, table2, table4

__all__ = [
    "Columns",
    "InputError",
    "Plan",
    "Results",
    "as_json",
    "columns_from",
    "flow_svg",
    "plan_from",
    "read_csv",
    "read_data",
    "read_plan",
    "run",
    "table1",
    "table2",
    "table3",
    "table4",
    "table_csv",
    "table_html",
    "table_text",
]

"""A table as Parquet, typed, with the words for its columns in the file's own description."""

import io
import json
from importlib import import_module

from confrere.analysis.export.table import Table


def data_parquet(table: Table) -> bytes:
    """Numbers as doubles, everything else as texts as they were given; labels as JSON in each field's metadata."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    fields = [
        arrow.field(
            one.name,
            arrow.float64() if one.kind == "number" else arrow.string(),
            metadata={"label": one.label, "codes": json.dumps(dict(one.codes), ensure_ascii=False)},
        )
        for one in table.variables
    ]
    arrays = [arrow.array(table.column(field.name), type=field.type) for field in fields]
    target = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=arrow.schema(fields)), target)
    return target.getvalue()

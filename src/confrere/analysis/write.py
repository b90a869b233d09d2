"""Writing a report's folder: whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from confrere.analysis.errors import InputError
from confrere.analysis.page import report_html
from confrere.analysis.pdf import figure_pdf, figure_png, report_pdf
from confrere.analysis.published import as_json
from confrere.analysis.render import table_csv
from confrere.analysis.report import make_report, suffix
from confrere.analysis.results import Results
from confrere.analysis.word import report_docx


def report_files(results: Results) -> dict[str, bytes]:
    """Every file of the report by name: results, page, documents, tables, figures."""
    report = make_report(results)
    found = {
        "results.json": (json.dumps(as_json(results), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(),
        "report.html": report_html(report).encode(),
        "report.docx": report_docx(report),
        "report.pdf": report_pdf(report),
    }
    endings = [suffix(chosen, one.name) for chosen, one in enumerate(results.sets)]
    for section, ending in zip(report.parts, [*endings, *[""] * len(report.shared)], strict=True):
        found |= {f"{table.name}{ending}.csv": table_csv(table).encode() for table in section.tables}
        for figure in section.figures:
            found[f"{figure.name}.svg"] = figure.svg.encode()
            found[f"figures/{figure.name}.png"] = figure_png(figure)
            found[f"figures/{figure.name}.pdf"] = figure_pdf(figure)
    return found


def write_report(results: Results, folder: Path, *, more: Mapping[str, bytes] | None = None) -> None:
    """Write `report_files` and ``more`` into ``folder``. Raises `InputError` (see `write_files`)."""
    check_folder(folder)
    write_files(report_files(results) | dict(more or {}), folder)


def write_files(found: Mapping[str, bytes], folder: Path) -> None:
    """Write files by name into ``folder``, which must be new or empty; a failure leaves nothing behind.

    The files are written beside it first and moved in one step. Raises `InputError` where the folder
    holds something or cannot be made.
    """
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"{folder}: this folder cannot be made ({error.strerror}).") from None
    try:
        for name, content in found.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        made.chmod(0o755)
        made.replace(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, before any work is done."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: this is not a new or empty folder; choose another.")

"""Writing a report's folder: whole or not at all."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from confrere.analysis.errors import InputError
from confrere.analysis.page import report_html
from confrere.analysis.pdf import figure_pdf, figure_png, report_pdf
from confrere.analysis.published import as_json
from confrere.analysis.render import table_csv
from confrere.analysis.report import make_report, suffix
from confrere.analysis.results import Results
from confrere.analysis.word import report_docx

_UNFINISHED = ".unfinished"


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

    The files are written beside it first, into a hidden ``.NAME-….unfinished``, and moved in one step. What a run
    that was killed has left there is swept away by the next. Raises `InputError` where the folder holds something,
    cannot be made or cannot be filled (a full disk).
    """
    check_folder(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with _unfinished(folder) as made:
            for name, content in found.items():
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_bytes(content)
            made.chmod(0o755)
            made.replace(folder)
    except OSError as error:
        raise InputError(f"{folder}: this folder cannot be made ({error.strerror}).") from None


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A hidden folder beside it, locked as long as this process lives."""
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=_UNFINISHED, dir=folder.parent))
    held = os.open(made, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def _sweep(folder: Path) -> None:
    """Remove what killed runs have left; a lock says that one of them still writes."""
    for left in folder.parent.glob(f".{escape(folder.name)}-*{_UNFINISHED}"):
        held = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(held)


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, before any work is done."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: this is not a new or empty folder; choose another.")

"""The files of a package, and one zip of them: with a README, a codebook, hashes; the same bytes from the same rows."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

from confrere.analysis.export.codebook import codebook_csv
from confrere.analysis.export.delimited import data_csv
from confrere.analysis.export.odm_data import data_odm
from confrere.analysis.export.parquet_file import data_parquet
from confrere.analysis.export.r_reader import import_r
from confrere.analysis.export.spss import data_sav
from confrere.analysis.export.table import Table

NAMED_FILES = {
    "data.csv": "for spreadsheets and every program; a text that begins like a formula has an apostrophe before it",
    "data.parquet": "the same with types, for Python and R; texts as they were given",
    "data.sav": "the same for SPSS, PSPP and Stata; named values are numbers with labels",
    "data.odm.xml": "the same as CDISC ODM 1.3.2",
    "import.R": "reads data.csv into R with factors and labels",
    "codebook.csv": "what each column means",
}


def _common(table: Table, *, title: str, made: str) -> dict[str, bytes]:
    return {
        "data.csv": data_csv(table),
        "data.parquet": data_parquet(table),
        "data.sav": data_sav(table),
        "data.odm.xml": data_odm(table, title=title, made=made),
        "import.R": import_r(table).encode(),
        "codebook.csv": codebook_csv(table),
    }


def named_package(
    table: Table,
    *,
    title: str,
    made: str,
    original: bytes,
    plan: bytes,
    agreement: str,
    purpose: str,
    telephone: bytes = b"id,time,question\n",
) -> dict[str, bytes]:
    """For a named person: every format, the frozen file byte for byte, the plan, and what was agreed to.

    telephone: a CSV of the answers (id, time, question) that somebody of the team typed for the participant.
    """
    more = {
        "frozen.csv": original,
        "plan.toml": plan,
        "agreement.txt": agreement.encode(),
        "by-telephone.csv": telephone,
    }
    about = (
        "- `frozen.csv`: the frozen data set, byte for byte, as `confrere analyze` reads it with `plan.toml`. Open it "
        "in a program for statistics; spreadsheets could run what stands in it.\n"
        "- `by-telephone.csv`: which answers a coordinator typed while the participant was on the telephone; empty "
        "below its head where there is none.\n"
        "- `agreement.txt`: what you accepted when you took these rows.\n"
    )
    terms = (
        f"These rows were handed to one person for one purpose: {purpose}\n\n"
        "Rows stand under codes that two named people can link to persons. Keep them as the agreement says.\n"
    )
    return _with_hashes(_common(table, title=title, made=made) | more, title, table, about, terms)


def public_package(table: Table, *, title: str, made: str, smallest: int) -> dict[str, bytes]:
    """For everybody: coarser rows under new numbers; no date, no free text, no code of the study."""
    terms = (
        "Made to be public. Participants are numbered by chance; the numbers stand nowhere else. There is no date and "
        "no free text: time is counted in assessments. By the columns that others may know of somebody, every group "
        f"has at least {smallest} participants. That is no guarantee against somebody who knows answers.\n"
    )
    return _with_hashes(_common(table, title=title, made=made), title, table, "", terms)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """One zip, whole, its entries in order of name and without times, so that the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _with_hashes(found: dict[str, bytes], title: str, table: Table, about: str, terms: str) -> dict[str, bytes]:
    people = len(set(table.column(table.named("id"))))
    listed = "".join(f"- `{name}`: {words}\n" for name, words in NAMED_FILES.items())
    found["README.md"] = (
        f"# {title}\n\n{terms}\n{people} participants, {len(table.rows)} rows, {len(table.variables)} columns.\n\n"
        f"## Files\n\n{listed}{about}- `SHA256SUMS`: `sha256sum -c SHA256SUMS` checks that nothing was changed.\n"
    ).encode()
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(found.items())]
    return found | {"SHA256SUMS": ("\n".join(sums) + "\n").encode()}

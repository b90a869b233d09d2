"""Files of registers as streams of rows: plain, gz or zip, however large, a piece at a time in memory."""

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import IO, cast

from django.utils.translation import gettext as _

from confrere.people.registers.entries import Read, Register, day, plain
from confrere.people.registers.united_states import Leie, Nppes, Nucc, Sam, answers
from confrere.vault.refusals import Refusal

#: Answers of the look-up are small; a larger file of JSON is something else.
_MOST_JSON = 64 * 2**20  # bytes


def sha256(path: Path) -> str:
    """The check sum of a file, by which it is recognised when it comes again."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def dated(name: str) -> date | None:
    """The day until which a file holds, from its name: the last date in it (`…_20050523-20260111.csv`)."""
    found = [day(text) for text in re.findall(r"(?<!\d)(?:20\d{2}-?\d{2}-?\d{2})(?!\d)", name)]
    return next((one for one in reversed(found) if one), None)


def inner_name(path: Path) -> str:
    """The name of the table: of the file, or of what an archive holds."""
    if not zipfile.is_zipfile(path):
        return path.name
    with zipfile.ZipFile(path) as whole:
        return _member(whole)


def recognised(path: Path) -> Register:
    """Which of the files that we know this is, by its columns; 422 for another one.

    Of NPPES a file that begins in 2005 is the monthly one; every other one holds changes.
    """
    if path.suffix.lower() == ".json":
        return Nppes(whole=False)
    with _opened(path) as file:
        header = frozenset(plain(name) for name in next(csv.reader(file), []))
    whole = "_2005" in inner_name(path)
    known: tuple[Register, ...] = (Nppes(whole=whole), Leie(), Sam(), Nucc())
    for one in known:
        with suppress(Refusal):
            one.columns(header)
            return one
    raise Refusal(
        _(
            "These are not the columns of NPPES, of the lists of exclusions (LEIE, SAM) or of the taxonomy codes. "
            "Write a mapping."
        ),
        status=422,
    )


def entries(path: Path, register: Register) -> Iterator[tuple[int, Read]]:
    """(row, what it says) of a file; rows count from 1 below the header.

    Raises `Refusal` (422) for a file that cannot be read, naming the row where there is one.
    """
    try:
        if path.suffix.lower() == ".json":
            yield from _answers(path)
        else:
            yield from _rows(path, register)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise Refusal(
            _("The file ends too soon or is damaged (%s). Fetch it again.") % type(error).__name__, status=422
        ) from None


def _answers(path: Path) -> Iterator[tuple[int, Read]]:
    if path.stat().st_size > _MOST_JSON:
        raise Refusal(_("This is too large for an answer of the look-up. Use the monthly file."), status=422)
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except ValueError:
        raise Refusal(_("This file says that it is JSON and is not."), status=422) from None
    yield from enumerate(answers(found), start=1)


def _rows(path: Path, register: Register) -> Iterator[tuple[int, Read]]:
    with _opened(path) as file:
        lines = csv.reader(file)
        try:
            header = [plain(name) for name in next(lines, [])]
            register.columns(frozenset(header))
            for number, cells in enumerate(lines, start=1):
                if len(cells) > len(header):
                    sentence = _(
                        "Row %(row)d has more cells than the header. The file is damaged or not separated by commas."
                    )
                    raise Refusal(sentence % {"row": number}, status=422)
                said = dict.fromkeys(header, "") | dict(zip(header, map(_clean, cells), strict=False))
                for one in register.read(said):
                    yield number, one
        except csv.Error as error:
            raise Refusal(
                _("Line %(line)d cannot be read: %(why)s.") % {"line": lines.line_num, "why": error}, status=422
            ) from None


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOBase]:
    """The text of a file, out of its wrapping. Bytes that are no UTF-8 are read as the older alphabet of Windows."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as whole, whole.open(_member(whole)) as inner:
            yield _text(inner)
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as inner:
            yield _text(cast("IO[bytes]", inner))
    else:
        with path.open("rb") as inner:
            yield _text(inner)


def _text(inner: IO[bytes]) -> io.TextIOWrapper:
    return io.TextIOWrapper(inner, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _member(whole: zipfile.ZipFile) -> str:
    """The table in an archive: the largest one that is no mere header, and of NPPES' several the one of providers."""
    tables = [
        one
        for one in whole.infolist()
        if one.filename.lower().endswith(".csv") and "header" not in one.filename.lower()
    ]
    own = [one for one in tables if "npidata" in one.filename.lower()] or tables
    if not own:
        raise Refusal(_("There is no table (.csv) in this archive."), status=422)
    return max(own, key=lambda one: one.file_size).filename


def _clean(cell: str) -> str:
    """A cell without zeros and spaces around it; what was no UTF-8 becomes letters again."""
    if not cell.isascii() and any("\udc80" <= one <= "\udcff" for one in cell):
        cell = cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return cell.replace("\0", "").strip()

"""What the person who brought a plan or a data file is told, in one sentence."""

import difflib
from collections.abc import Iterable
from typing import override


class InputError(ValueError):
    """The plan or the data cannot be used as they are.

    ``str(error)`` is the whole sentence with its place: file, line (counted from 1) and column where known.
    """

    def __init__(self, sentence: str, *, file: str = "", line: int | None = None, column: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.file, self.line, self.column = sentence, file, line, column

    @override
    def __str__(self) -> str:
        place = [self.file] if self.file else []
        place += [f"line {self.line}"] if self.line is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.sentence}" if place else self.sentence


def nearest(word: str, known: Iterable[str]) -> str:
    """``Did you mean …?`` for the known word that looks most like ``word``, else the list of them."""
    words = list(known)
    close = difflib.get_close_matches(word.lower(), words, n=1)
    return f"Did you mean {close[0]}?" if close else f"Known are {', '.join(words)}."

"""Reading a nested table of settings key by key; what nobody asked for is refused with the nearest known key."""

import difflib
import re
from collections.abc import Collection, Mapping
from typing import Any

from confrere.analysis.errors import InputError, nearest

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REQUIRED = object()


class Reader:
    """One table of a plan. Each ``take`` marks a key as known; `finish` refuses the rest."""

    def __init__(self, table: Mapping[str, Any], *, path: str, file: str = "", source: str = "") -> None:
        self._table, self._path, self._file, self._source = dict(table), path, file, source
        self._known: list[str] = []

    def refuse(self, sentence: str, key: str = "") -> InputError:
        """An error at ``key``, with its line where the text of the plan is known."""
        place = f"[{self._path}] {key}".strip() if self._path else key
        return InputError(f"{place}: {sentence}" if place else sentence, file=self._file, line=self._line(key))

    def has(self, key: str) -> bool:
        """Whether the plan sets this key (which is known from now on)."""
        self._known.append(key)
        return key in self._table

    def text(self, key: str, default: str | None = None) -> str:
        """A text; numbers are taken as their text (waves may be written ``0``)."""
        value = self._take(key, _REQUIRED if default is None else default)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.refuse("a text is expected here.", key)
        return self._plain(value if isinstance(value, str) else f"{value:g}", key)

    def choice(self, key: str, allowed: Collection[str], default: str) -> str:
        """One of ``allowed``."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.refuse(f'"{value}" is not known here. {nearest(value, allowed)}', key)
        return value

    def number(self, key: str, default: float | None = None) -> float | None:
        """A finite number or the default."""
        value = self._take(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
            raise self.refuse("a number is expected here.", key)
        return float(value)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers; the same number may stand there twice."""
        values = self._take(key, _REQUIRED)
        if not isinstance(values, list) or not all(
            isinstance(x, int | float) and not isinstance(x, bool) and abs(x) < float("inf") for x in values
        ):
            raise self.refuse("a list of numbers is expected here.", key)
        return tuple(float(x) for x in values)

    def rows(self, key: str) -> tuple[tuple[float, ...], ...]:
        """A list of lists of finite numbers."""
        values = self._take(key, _REQUIRED)
        if not isinstance(values, list):
            raise self.refuse("a list of lists of numbers is expected here.", key)
        return tuple(Reader({key: row}, path=self._path, file=self._file).numbers(key) for row in values)

    def holds(self, key: str, kind: type) -> bool:
        """Whether a list or a table (dict) stands here, where a single value might."""
        self._known.append(key)
        return isinstance(self._table.get(key), kind)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.refuse("true or false is expected here.", key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of different texts."""
        value = self._take(key, _REQUIRED if default is None else default)
        if not isinstance(value, list | tuple) or any(isinstance(x, bool | dict | list) for x in value):
            raise self.refuse("a list of texts is expected here.", key)
        texts = tuple(self._plain(x if isinstance(x, str) else f"{x:g}", key) for x in value)
        if len(set(texts)) < len(texts):
            raise self.refuse("an entry stands here twice.", key)
        return texts

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A table with free keys; empty where the plan has none."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.refuse("a table is expected here.", key)
        return value

    def texts_by_text(self, key: str, table: Any) -> Mapping[str, str]:
        """``table``, which stands at or below ``key``, if it gives a text for each of its keys."""
        if not isinstance(table, dict) or any(not isinstance(x, str) for x in table.values()):
            raise self.refuse("texts by text are expected here.", key)
        return {name: self._plain(text, key) for name, text in table.items()}

    def table(self, key: str, *, required: bool = True) -> "Reader":
        """The table below, with known keys only."""
        value = self._take(key, _REQUIRED if required else {})
        if not isinstance(value, dict):
            raise self.refuse("a table is expected here.", key)
        return Reader(value, path=self._below(key), file=self._file, source=self._source)

    def tables(self, key: str) -> list["Reader"]:
        """The list of tables below (``[[outcomes]]``)."""
        value = self._take(key, [])
        if not isinstance(value, list) or any(not isinstance(x, dict) for x in value):
            raise self.refuse(f"a list of tables is expected here: [[{key}]].", key)
        return [Reader(x, path=self._below(key), file=self._file, source=self._source) for x in value]

    def finish(self) -> None:
        """Refuse the first key that nobody has asked for."""
        for key in self._table:
            if key not in self._known:
                raise self.refuse(f"there is no such key. {nearest(key, self._known)}", key)

    def _plain(self, text: str, key: str) -> str:
        """The text itself; control characters other than line breaks would break documents made of it."""
        if _CONTROL.search(text):
            raise self.refuse("a text without control characters is expected here.", key)
        return text

    def _below(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _take(self, key: str, default: Any) -> Any:
        self._known.append(key)
        value = self._table.get(key, default)
        if value is _REQUIRED:
            near = difflib.get_close_matches(key, self._table, n=1)
            raise self.refuse(f"this is needed and absent.{f' Is {near[0]} meant for it?' if near else ''}", key)
        return value

    def _line(self, key: str) -> int | None:
        """Where the key stands: after its table's head, or inside the braces that the table is written in."""
        lines = self._source.splitlines()
        last = re.escape(self._path.rpartition(".")[2])
        head = re.compile(rf"^\s*\[+\s*{re.escape(self._path)}\s*\]|^\s*\"?{last}\"?\s*=")
        start = next((n for n, line in enumerate(lines) if self._path and head.match(line)), 0)
        word = rf"\"?{re.escape(key)}\"?\s*"
        pattern = re.compile(rf"^\s*\[*\s*(?:[\w.-]+\.)?{word}[=\]]|[{{,]\s*{word}=")
        return next((n for n, line in enumerate(lines[start:], start + 1) if key and pattern.search(line)), None)

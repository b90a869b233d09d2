"""Writing a protocol's data as TOML, in the order in which people read it. Comments are not data: they are lost."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ORDER = (
    "trial",
    "recruitment",
    "arms",
    "allocation",
    "strata",
    "sessions",
    "waves",
    "consent",
    "support",
    "distress",
    "irb",
    "certificate",
    "analysis",
    "outcomes",
    "questions",
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDTH = 110


def write_protocol(data: Mapping[str, Any]) -> str:
    """The data as TOML; `tomllib.loads` gives the same data back. Known tables first, in `ORDER`."""
    known = {name: data[name] for name in ORDER if name in data}
    return "\n".join(_table((), known | {name: data[name] for name in data if name not in known})).lstrip("\n") + "\n"


def _table(path: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """First what stands on one line, then the tables below, then the lists of tables below."""
    below = {name: value for name, value in table.items() if isinstance(value, Mapping)}
    lists = {name: value for name, value in table.items() if _is_tables(value)}
    yield from (f"{_key(name)} = {_value(x)}" for name, x in table.items() if name not in below and name not in lists)
    for name, inner in table.items():
        place = (*path, name)
        head = ".".join(_key(part) for part in place)
        if name in below:
            yield from ("", f"[{head}]", *_table(place, inner))
        elif name in lists:
            for one in inner:
                yield from ("", f"[[{head}]]", *_table(place, one))


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_key(name)} = {_value(one)}' for name, one in value.items())} }}"
    if isinstance(value, Sequence):
        inside = [_value(one) for one in value]
        flat = f"[{', '.join(inside)}]"
        return flat if len(flat) <= _WIDTH else "\n".join(["[", *(f"  {one}," for one in inside), "]"])
    return json.dumps(value)


def _text(text: str) -> str:
    """JSON's texts are TOML's, but for the sign of erasure, which TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

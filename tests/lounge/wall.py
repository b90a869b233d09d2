"""The private wall as the database sees it: no statement that the lounge runs names a table of the rooms beyond it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection

#: What the lounge must have no path to.
BEYOND: Final = ("coaching", "surveys", "trial", "evidence", "service")
#: Tables beyond the wall, and the statement that named them.
type Over = tuple[frozenset[str], str]

#: What stands in quotes is a text, not a name; `''` inside it is a quote.
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def tables_beyond() -> frozenset[str]:
    """Every table of the rooms beyond the wall, those that join two models included."""
    return frozenset(
        str(model._meta.db_table) for room in BEYOND for model in apps.get_app_config(room).get_models(True)
    )


def named(statement: str) -> frozenset[str]:
    """The tables beyond the wall that a statement names."""
    return tables_beyond() & frozenset(_NAME.findall(_TEXT.sub("", statement).lower()))


@contextmanager
def watched() -> Iterator[list[Over]]:
    """Everything that this connection runs meanwhile and that reaches over the wall."""
    over: list[Over] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := named(str(sql)):
            over.append((found, str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield over

"""Spans of a text, and how overlapping ones become one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

type Kind = Literal[
    "name",
    "place",
    "date",
    "age",
    "phone",
    "fax",
    "email",
    "ssn",
    "record-number",
    "plan-number",
    "account-number",
    "licence-number",
    "vehicle",
    "device",
    "url",
    "ip-address",
    "other-number",
]
#: In the order in which Safe Harbor lists them. Of two spans over the same characters the more exact kind stays.
KINDS: tuple[Kind, ...] = get_args(Kind.__value__)
_EXACT: tuple[Kind, ...] = ("email", "url", "device", "ip-address", "ssn", "fax", "phone", "date", "age")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (not included) of a text, and why they may point at somebody.

    ``text[start:end] == span.text`` always holds; positions count Unicode code points.
    """

    start: int
    end: int
    kind: Kind
    text: str


def _rank(span: Span) -> tuple[int, int, int]:
    vague = span.kind == "other-number"
    exact = _EXACT.index(span.kind) if span.kind in _EXACT else len(_EXACT) + vague
    return (span.start - span.end, exact, span.start)


def settle(found: Iterable[Span], text: str) -> tuple[Span, ...]:
    """Spans in order that do not overlap: those that do become one, of the kind of the longest, most exact one."""
    groups: list[list[Span]] = []
    end = -1
    for span in sorted(set(found)):
        if span.start < end:
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.end) if span.start < end else span.end
    return tuple(_one(group, text) for group in groups)


def _one(group: list[Span], text: str) -> Span:
    start, end = group[0].start, max(span.end for span in group)
    return Span(start, end, min(group, key=_rank).kind, text[start:end])

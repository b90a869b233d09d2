"""Days and months of a certain year, and ages over 89. A year alone is no identifier under Safe Harbor."""

import re
from collections.abc import Iterator

from confrere.science.identifiers.spans import Span

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_FULL = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_DATES = tuple(
    re.compile(said, re.IGNORECASE)
    for said in (
        rf"\b{_MONTH}\s{{0,2}}{_DAY}\b(?!\s?(?:mg|ml|%|[./]\d))(?:\s?,?\s?{_YEAR}\b)?",
        rf"\b{_DAY}(?:\s+of)?[\s\-]{_MONTH}(?:[\s,\-]{{1,2}}{_YEAR}\b)?",
        rf"\b{_MONTH}(?:\s+of)?[\s,]{{1,2}}{_YEAR}(?!\w)",
        rf"(?-i:\b(?:[Ll]ast|[Tt]his|[Nn]ext|[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|early|late|mid)[\s\-]+(?P<said>{_FULL}\b))",
        r"(?<![\w./\-])(?:19|20)\d\d[\-/.](?:1[0-2]|0?[1-9])[\-/.](?:3[01]|[12]\d|0?[1-9])(?![\d/\-])",
        r"(?<![\w./\-])(?:3[01]|[12]\d|0?[1-9])([/\-.])(?:3[01]|[12]\d|0?[1-9])\1(?:(?:19|20)\d\d|\d\d)(?![\d/\-])",
        r"(?<![\w./\-])(?:1[0-2]|0?[1-9])/(?:19|20)\d\d(?![\d/\-])",
        r"\b(?:on|since|dated|from|until|by|d\.?o\.?b\.?:?)\s+(?P<said>(?:1[0-2]|0?[1-9])/(?:3[01]|[12]\d|0?[1-9]))(?![\d/\-%])",
        r"\b(?:d\.?o\.?b\.?|date of birth|born(?:\s+(?:on|in))?)\s*:?\s*(?:19|20)\d\d\b",
    )
)
#: "may 5" and "march 3" in small letters are a verb and a walk; as a month they bear a capital.
_VERB = re.compile(r"(?:may|march|mar|dec|jan|sept?)\b\s")
_AGES = tuple(
    re.compile(said, re.IGNORECASE)
    for said in (
        r"(?<![\w.\-])(?P<age>9\d|1[0-2]\d)\s?[\-\s]?(?:years?|yrs?|y\.?\s?/?\s?o\.?)\b(?![\s\-]*(?:ago|later|survival|follow))",
        r"\bage[ds]?(?:\s+of|\s+is|:)?\s+(?P<age>9\d|1[0-2]\d)\b(?!\s?(?:%|days|months|weeks))",
        r"\b(?P<age>ninety(?:[\-\s](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a\s|one\s)?hundred)[\-\s]years?[\-\s]old",
        r"\b(?P<age>nonagenarian|centenarian)s?\b",
    )
)


def dates(text: str) -> Iterator[Span]:
    """Dates more exact than a year."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            start, end = match.span("said" if "said" in pattern.groupindex else 0)
            if not _VERB.match(text, start, end):
                yield Span(start, end, "date", text[start:end])


def ages(text: str) -> Iterator[Span]:
    """Ages of 90 and more, in figures or in words."""
    for pattern in _AGES:
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "age", match.group())

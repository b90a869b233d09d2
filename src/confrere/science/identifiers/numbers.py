"""Numbers and addresses that point at one person: telephone, mail, records, accounts, licences, devices."""

import re
from collections.abc import Iterator

from confrere.science.identifiers.spans import Kind, Span

#: A code with at least one digit and at least four letters or digits; hyphens, slashes and dots inside.
_CODE = r"\#?\s?(?=[A-Z0-9./\-]{0,40}\d)[A-Z0-9](?:[./\-]?[A-Z0-9]){3,40}"
_SAYS = r"(?:\s*(?:number|no\.?|num\.?|nr\.?|id|\#|is|was|of|:|=|,|\())*\s*"


def _said(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b{_SAYS}(?P<code>{_CODE})", re.IGNORECASE)


_CODES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("ssn", _said(r"ssn|soc(?:ial)?\.?\s+sec(?:urity)?")),
    (
        "record-number",
        _said(
            r"mrn|mr\#?|med(?:ical)?\.?\s+rec(?:ord)?s?|(?:hospital|clinic|unit)\s+(?:number|no)|record|chart|emr|ehr"
        ),
    ),
    (
        "plan-number",
        _said(
            r"(?:health\s+)?(?:plan|insurance|policy|member(?:ship)?|beneficiary|subscriber|group|medicare|medicaid"
            r"|hmo|ppo|mbi|hicn|nhs)"
        ),
    ),
    ("account-number", _said(r"acc(?:oun)?t|billing|invoice|iban|card")),
    ("licence-number", _said(r"licen[cs]e|lic|cert(?:ificate)?|dea|npi|passport|driver'?s")),
    ("vehicle", _said(r"vin|(?:licen[cs]e\s+)?plate|registration|vehicle")),
    ("device", _said(r"serial|s/n|udi|device|implant|pacemaker|imei|mac")),
    (
        "other-number",
        _said(r"patient|case|study|accession|specimen|encounter|visit|order|employee|badge|id|identifier"),
    ),
)
_PLAIN: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,8}")),
    ("url", re.compile(r"\b(?:https?://|www\.)[^\s<>()\"']{0,2000}[^\s<>()\"'.,;:!?]", re.IGNORECASE)),
    (
        "ip-address",
        re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)"),
    ),
    ("ip-address", re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4})+(?![\w:])", re.IGNORECASE)),
    ("device", re.compile(r"\b(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}\b", re.IGNORECASE)),
    ("ssn", re.compile(r"(?<![\d\-])\d{3}[\-. ]\d{2}[\-. ]\d{4}(?![\d\-])")),
    ("fax", re.compile(r"\bfax\b[^\d\n]{0,12}(?P<code>\+?\(?\d[\d()\-. ]{6,16}\d)", re.IGNORECASE)),
    ("phone", re.compile(r"(?<![\w\-.])(?:\+?1[\-. ]?)?(?:\(\d{3}\)\s?|\d{3}[\-. ])\d{3}[\-. ]\d{4}(?![\w\-])")),
    ("phone", re.compile(r"(?<![\w\-.])(?:\+|00)[1-9]\d{0,2}[\-. /]?\(?\d{1,5}\)?(?:[\-. /]?\d{2,5}){1,4}(?![\w\-])")),
    (
        "phone",
        re.compile(
            r"\b(?:phone|tel(?:ephone)?|cell|mobile|call(?:ed)?|contact|pager|ext(?:ension)?)\b[^\d\n]{0,12}"
            r"(?P<code>\+?\(?\d[\d()\-. ]{2,16}\d)",
            re.IGNORECASE,
        ),
    ),
    ("vehicle", re.compile(r"\b(?=[A-HJ-NPR-Z0-9]{0,16}\d)(?=[A-HJ-NPR-Z0-9]{0,16}[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17}\b")),
    # A code of letters and digits that nobody introduced: an account, a record, an order.
    ("other-number", re.compile(r"(?<![\w\-])\#?[A-Z]{1,5}[\-#]\d{4,}(?![\w\-]|\.\d)")),
    ("other-number", re.compile(r"(?<![\w\-])\#?[A-Z]{1,5}\d{5,}(?![\w\-]|\.\d)")),
    (
        "other-number",
        re.compile(r"(?<![\w\-.,/])\#?\d{6,40}(?![\w\-,/]|\.\d|\s?(?:mg|ml|iu|IU|units?|cells?|copies|/)\b)"),
    ),
    ("other-number", re.compile(r"(?<![\w\-.,/])\d{2,5}-\d{2,5}-\d{2,5}(?![\w\-])")),
    ("other-number", re.compile(r"(?<=\#)\d{4,}\b")),
)


def numbers(text: str) -> Iterator[Span]:
    """Spans of all kinds that are recognised by their form, or by the word before them."""
    for kind, pattern in (*_CODES, *_PLAIN):
        for match in pattern.finditer(text):
            start, end = match.span("code" if "code" in pattern.groupindex else 0)
            said = text[start:end]
            start += len(said) - len(said.lstrip(" #"))
            if kind not in _NEED_FOUR or sum(letter.isdigit() for letter in text[start:end]) >= FEWEST_DIGITS:
                yield Span(start, end, kind, text[start:end])


#: A code after a word such as "case" or "group" counts from so many digits on: "group 2b-1" is no identifier.
FEWEST_DIGITS = 4
_NEED_FOUR = frozenset(kind for kind, _pattern in _CODES) | {"phone", "fax"}

"""What a short text must look like, where that can be said: an e-mail address, a time of day, a postal code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Look:
    """A pattern for the whole text, what it is called, and an example."""

    pattern: re.Pattern[str]
    title: str | Promise
    example: str


LOOKS: Mapping[str, Look] = {
    "email": Look(re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), _("An e-mail address"), "a.osei@example.org"),
    "phone": Look(re.compile(r"\+?[\d ().\-]{5,25}"), _("A telephone number"), "+1 617 555 0100"),
    "time": Look(re.compile(r"([01]\d|2[0-3]):[0-5]\d"), _("A time of day"), "17:30"),
    "datetime": Look(
        re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]) ([01]\d|2[0-3]):[0-5]\d"),
        _("A day and a time"),
        "2026-03-03 17:30",
    ),
    "letters": Look(re.compile(r"[^\W\d_]+"), _("Letters only"), "Cardiology"),
    "zipcode": Look(re.compile(r"\d{5}(-\d{4})?"), _("A ZIP code"), "02114"),
}

"""The United States' National Provider Identifier: ten digits, the last of which checks the others.

The check digit is that of ISO/IEC 7812 (Luhn) over the number with the prefix 80840, which adds a constant of 24
(45 CFR 162.406; CMS, "Requirements for NPI check digit"). It finds every single wrong digit and almost every swap of
neighbours; it does not say that the number was ever given to anybody.
"""

import re

from django.utils.translation import gettext as _

from confrere.vault.refusals import Refusal

_PREFIX = 24  # what 80840 adds to the sum


def check_npi(text: str) -> str:
    """The number without spaces around it; each way of being no NPI has a sentence of its own (422)."""
    number = text.strip()
    if not number:
        raise _no(_("Type your NPI: ten digits, as on the letter from NPPES."))
    if not number.isascii() and number.isdigit():
        raise _no(_("These digits are not the plain ones from 0 to 9. Type the number again with an English keyboard."))
    if re.fullmatch(r"[A-Za-z]{2}[0-9]{7}", number):
        raise _no(_("That reads like a DEA number. Never type it here; type your NPI, which has ten digits."))
    if not re.fullmatch(r"[0-9]+", number):
        raise _no(_("An NPI has digits only: no letters, spaces or hyphens."))
    if len(number) != 10:
        raise _no(_("An NPI has ten digits; this one has %(count)d.") % {"count": len(number)})
    if number[0] not in "12":
        raise _no(_("An NPI begins with 1 or 2. This one does not, so it is another kind of number."))
    if check_digit(number[:9]) != number[9]:
        raise _no(_("The last digit does not fit the others, so one of them is mistyped. Compare it with the letter."))
    return number


def check_digit(nine: str) -> str:
    """The tenth digit that fits nine ASCII digits."""
    doubled = (int(digit) * 2 for digit in nine[::-2])
    total = _PREFIX + sum(value - 9 if value > 9 else value for value in doubled) + sum(map(int, nine[-2::-2]))
    return str(-total % 10)


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=422)

"""A number as it was printed, with everything that its rounding leaves open, and what a check found."""

import math
import re
from dataclasses import dataclass
from typing import Literal

type Verdict = Literal["agrees", "disagrees", "undecidable"]

_NUMBER = re.compile(r"(?P<sign>[<>]=?|≤|≥)?(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)%?")
_LONGEST = 20
"""Characters, decimals and zeros of a printed number: no paper prints more."""
_SLACK = 1e-9
"""Room for binary arithmetic, relative to the number; far below any printed decimal."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number: what it says, and the range of exact values that print so.

    ``.13`` stands for .125 to .135 and ``<.001`` for 0 to .001. Ties are open both ways, because papers round
    them either way.
    """

    text: str
    value: float
    low: float
    high: float

    @classmethod
    def read(cls, text: str) -> "Printed":
        """Read ``-0.79``, ``−0.79``, ``.13``, ``<0.1%``; raises ValueError for anything else."""
        plain = text.strip().replace("−", "-").replace("–", "-").replace(" ", "")
        found = _NUMBER.fullmatch(plain)
        if found is None or len(plain) > _LONGEST or abs(_decimals(found["number"])) > _LONGEST:
            raise ValueError(f"{text!r} is not a printed number.")
        value = float(found["number"])
        half = 0.5 * 10.0 ** -_decimals(found["number"])
        sign = found["sign"] or ""
        if sign[:1] in {"<", "≤"}:
            return cls(text, value, 0.0, value)
        if sign:
            return cls(text, value, value, math.inf)
        return cls(text, value, value - half, value + half)

    @property
    def half(self) -> float:
        """Half a unit of the last printed decimal."""
        return (self.high - self.low) / 2

    def may_be(self, low: float, high: float | None = None) -> bool:
        """Whether an exact value, or any between ``low`` and ``high``, prints like this."""
        top = low if high is None else high
        room = _SLACK * max(1.0, abs(low), abs(top))
        return low <= self.high + room and top >= self.low - room


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: ``disagrees`` means that no exact values could have printed these numbers.

    ``doubt`` marks an undecidable finding that keeps the whole row undecidable: what the check would need to
    know is exactly what is not said. Without it the check merely does not apply.
    """

    check: str
    verdict: Verdict
    reason: str
    doubt: bool = False


def found(check: str, agrees: bool, reason: str) -> Finding:
    """A decided finding."""
    return Finding(check, "agrees" if agrees else "disagrees", reason)


def _decimals(number: str) -> int:
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)

"""Every ink on every ground it is used on, in both themes, computed from the stylesheet itself.

OKLCH to linear sRGB by Björn Ottosson's matrices (2020), contrast by WCAG 2.2's relative luminance.
"""

import math
import re

import pytest
from tests.web.stylesheets import TOKENS

type Colour = tuple[float, float, float]  # lightness 0-1, chroma, hue in degrees

TEXT, GRAPHICS = 4.5, 3.0
INKS = ("ink", "muted", "accent", "good", "care", "harm")
PAIRS = [
    *((ink, ground, TEXT) for ink in INKS for ground in ("paper", "surface")),
    *((ink, "accent-soft", TEXT) for ink in ("ink", "muted", "accent")),
    ("on-accent", "accent", TEXT),
    ("on-harm", "harm", TEXT),
    # the ring of focus is ink inside amber: the ink alone must be seen on every ground
    *(("ink", ground, GRAPHICS) for ground in ("paper", "surface", "accent-soft")),
]
#: What look.md prescribes, word for word.
LIGHT = {
    "paper": (0.985, 0.004, 85),
    "surface": (1, 0, 0),
    "ink": (0.26, 0.02, 255),
    "muted": (0.50, 0.02, 255),
    "line": (0.90, 0.008, 85),
    "accent": (0.47, 0.085, 195),
    "accent-soft": (0.95, 0.025, 195),
    "good": (0.52, 0.11, 155),
    "care": (0.56, 0.13, 45),
    "harm": (0.50, 0.16, 25),
    "focus": (0.78, 0.15, 75),
}
DARK = {
    "paper": (0.19, 0.012, 255),
    "surface": (0.235, 0.014, 255),
    "ink": (0.93, 0.008, 85),
    "muted": (0.72, 0.012, 255),
    "line": (0.34, 0.014, 255),
    "accent": (0.78, 0.085, 195),
}


def colours(theme: str) -> dict[str, Colour]:
    """The tokens of a theme ("light", "dark") as the stylesheet says them."""
    number = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
    pattern = rf"--([\w-]+): light-dark\({number}, {number}\);"
    found = {}
    for name, *six in re.findall(pattern, TOKENS.read_text("utf-8")):
        first = 0 if theme == "light" else 3
        lightness, chroma, hue = (float(value) for value in six[first : first + 3])
        found[name] = (lightness, chroma, hue)
    return found


def luminance(colour: Colour) -> float:
    """Relative luminance (0 black, 1 white); what sRGB cannot show is clipped, as screens do."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    clipped = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("colour", "expected"), [((1, 0, 0), 1.0), ((0, 0, 0), 0.0), ((0.628, 0.25768, 29.234), 0.2126)]
)
def test_the_conversion_knows_white_black_and_pure_red(colour: Colour, expected: float) -> None:
    assert luminance(colour) == pytest.approx(expected, abs=2e-3)


def test_the_tokens_are_those_of_the_design() -> None:
    assert {name: colours("light")[name] for name in LIGHT} == LIGHT
    assert {name: colours("dark")[name] for name in DARK} == DARK


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_ink_can_be_read_on_its_grounds(theme: str) -> None:
    known = colours(theme)
    too_faint = {
        (ink, ground): round(contrast(known[ink], known[ground]), 2)
        for ink, ground, least in PAIRS
        if contrast(known[ink], known[ground]) < least
    }
    assert too_faint == {}

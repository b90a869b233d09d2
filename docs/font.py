"""Make the headings' font: a subset of Source Serif 4 (OFL 1.1) of at most 30 KB. Run once, when the font changes.

    npm pack source-serif@4.5.1 && tar xzf source-serif-4.5.1.tgz
    pip install fonttools brotli
    python docs/font.py package

The licence reserves the name "Source" for the unchanged font, so the subset is called "Confrere Serif".
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parents[1] / "src/confrere/web/static/web/fonts"
FAMILY = "Confrere Serif"
LIMIT = 30 * 1024
#: Latin, Latin-1, Latin Extended-A, the Romanian letters, capital sharp s, and the signs that headings need.
LETTERS = (
    "20-7E A0-FF 100-17F 218-21B 1E9E 2C6 2DA 2DC 2010-2015 2018-201E 2020-2022 2026 2030 2032 2033 2039 203A "
    "20AC 2122 2212"
)


def points(ranges: str) -> list[int]:
    """Code points of a list such as "20-7E A0" (hexadecimal, both ends included)."""
    pairs = (item.partition("-") for item in ranges.split())
    return [point for first, _, last in pairs for point in range(int(first, 16), int(last or first, 16) + 1)]


def main(package: Path) -> None:
    font = TTFont(package / "TTF/SourceSerif4Subhead-Semibold.ttf")
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["kern", "liga", "locl", "mark", "mkmk", "ccmp", "lnum", "tnum"],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points(LETTERS))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6}:
            record.string = FAMILY.replace(" ", "") if record.nameID == 6 else FAMILY
    target = HERE / "confrere-serif.woff2"
    subset.save_font(font, target, options)
    (HERE / "OFL.txt").write_text((package / "LICENSE.md").read_text("utf-8"), "utf-8")
    size = target.stat().st_size
    sys.stdout.write(f"{target.name}: {size} bytes\n")
    if size > LIMIT:
        sys.exit(f"That is more than {LIMIT} bytes: take letters out.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

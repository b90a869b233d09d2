"""The page of figures and its plot, written from what was measured."""

from dataclasses import dataclass, field
from math import log10
from pathlib import Path
from textwrap import wrap

DOCS = Path(__file__).parents[2] / "docs"
PLOTTED = ("list of a specialty", "thread of 20 posts", "reply", "search kaliemia", "search torsadox")
#: CPU milliseconds that we want at most, at 200,000 posts.
TARGETS = {"list of a specialty": 8, "thread of 20 posts": 8, "search kaliemia": 15, "reply": 12}


CORPUS = """
Written by `python benchmarks/lounge/run.py LOUNGE_CORPUS.py FOLDER`; change it there. One tenth as many questions as
posts, 2,000 members, 20 specialties; each post has some 870 characters, and three words are planted in 0.1, 1 and 10 %
of the posts. All people are simulated.
"""
COUNTED = """
Queries, then buffers (pages of tables and indexes of 8 KB that one request looks at, from memory or disk). No noise of
the machine moves them. The last column is the growth in buffers from the smallest size to the largest.
"""
SHORT = """
At the smallest size there are 50 questions in a specialty, few of them unanswered, and no old posts to search in, so
that some pages are short or empty there. Where a row grows from the first size to the second and no further, that is
why. Where there are fewer than 1,000 pages, the last full one stands for it. A dash: not measured yet. So this page
does not show that a search costs at most twice as much at a million posts.
"""
TIMED = """
Milliseconds of CPU time for one request, application and database together, two workers each, the sizes asked in turn.
The machine was shared: some {load:.0f} processes wanted its two cores meanwhile, which lengthens CPU times, too. So
compare across a row; none of these times shows that a target is met or missed on a quiet machine.
"""
NOT_TIMED = """
CPU times, memory and bytes are not on this page yet: the machine was shared, with some twenty processes for two cores,
and what is timed then says nothing.
"""
PEERS = """
Not measured yet. Misago 0.39.6 installs from its package with Python 3.12 (the psycopg-binary that it pins, 3.1.16, has
no wheel for 3.13) and makes its tables on the same PostgreSQL, with its cache and its queue in memory; the corpus was
not loaded into it, so no figure of it stands here. NodeBB was not tried.
"""


@dataclass
class Figures:
    """Of one size. counts: kind → queries and buffers. cpu: kind → milliseconds. memory: MB of the web server."""

    counts: dict[str, dict[str, float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0
    post_bytes: float = 0.0
    page_bytes: dict[str, int] = field(default_factory=dict)


def write(found: dict[int, Figures], *, load: float) -> None:
    """Write the page and the plot."""
    sizes = sorted(found)
    (DOCS / "pictures" / "lounge-growth.svg").write_text(plot(found))
    lines = [
        "# How fast the lounge is",
        "",
        *said(CORPUS),
        "",
        "![Buffers of the database for one request, by number of posts](../pictures/lounge-growth.svg)",
        "",
        "## What the database is asked",
        "",
        *said(COUNTED),
        "",
        *table(found, sizes),
        "",
        *said(SHORT),
        "",
        *(timed_part(found, sizes, load) if found[sizes[0]].cpu else said(NOT_TIMED)),
        "",
        "## Beside others",
        "",
        *said(PEERS),
        "",
    ]
    (DOCS / "explanation" / "speed-of-the-lounge.md").write_text("\n".join(lines))


def timed_part(found: dict[int, Figures], sizes: list[int], load: float) -> list[str]:
    """CPU times, memory and bytes."""
    times_here = ["## CPU time", "", *said(TIMED.format(load=load)), "", *times(found, sizes)]
    return [*times_here, "", "## Room", "", *room(found, sizes)]


def said(paragraph: str) -> list[str]:
    """A paragraph in lines."""
    return wrap(" ".join(paragraph.split()), 118)


def table(found: dict[int, Figures], sizes: list[int]) -> list[str]:
    """One row a kind of request."""
    rows = [row("", *(f"{size:,} posts" for size in sizes), "growth"), "| --- |" + " ---: |" * (len(sizes) + 1)]
    for kind in found[sizes[0]].counts:
        costs = [found[size].counts[kind] for size in sizes if kind in found[size].counts]
        growth = costs[-1]["buffers"] / costs[0]["buffers"]
        shown = [f"{one['queries']:.0f}, {one['buffers']:,.0f}" for one in costs]
        rows.append(row(kind, *shown, *["–"] * (len(sizes) - len(costs)), f"{growth:.2f}"))
    return rows


def times(found: dict[int, Figures], sizes: list[int]) -> list[str]:
    """One row a kind of request that was timed."""
    head = row("", *(f"{size:,} posts" for size in sizes), "growth", "target")
    rows = [head, "| --- |" + " ---: |" * (len(sizes) + 2)]
    for kind in found[sizes[0]].cpu:
        spent = [found[size].cpu[kind] for size in sizes]
        target = f"{TARGETS[kind]} ms" if kind in TARGETS else ""
        rows.append(row(kind, *(f"{one:.1f}" for one in spent), f"{spent[-1] / spent[0]:.2f}", target))
    return rows


def room(found: dict[int, Figures], sizes: list[int]) -> list[str]:
    """Memory and bytes."""
    last = [found[size] for size in sizes]
    return [
        row("", *(f"{size:,} posts" for size in sizes), "target"),
        "| --- |" + " ---: |" * (len(sizes) + 1),
        row("memory of two workers, MB", *(f"{one.memory:.0f}" for one in last), "180"),
        row("database bytes per post", *(f"{one.post_bytes:,.0f}" for one in last), "3,000"),
        *(
            row(f"HTML, {kind}, KB", *(f"{one.page_bytes[kind] / 1000:.0f}" for one in last), most)
            for kind, most in (("list of a specialty", "40"), ("thread of 20 posts", "60 and its text"))
        ),
    ]


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def plot(found: dict[int, Figures]) -> str:
    """Buffers over posts, both on logarithmic scales; one line a kind, named at its end."""
    sizes = sorted(found)
    left, right, top, bottom, width, height = 60, 190, 20, 40, 720, 360

    def across(size: float) -> float:
        low, high = log10(sizes[0]), log10(sizes[-1])
        return left + (log10(size) - low) / (high - low or 1) * (width - left - right)

    def down(buffers: float) -> float:
        return top + (1 - (log10(buffers) - 1) / 4) * (height - top - bottom)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for power in range(1, 6):
        y = down(10**power)
        parts.append(f'<path d="M{left} {y:.0f}H{width - right}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">{10**power:,}</text>')
    parts += [
        f'<text x="{across(size):.0f}" y="{height - 15}" text-anchor="middle">{size:,} posts</text>' for size in sizes
    ]
    ends = []
    for kind, dash in zip(PLOTTED, ("none", "7 4", "2 3", "12 4 2 4", "4 2"), strict=True):
        counts = [(size, found[size].counts[kind]) for size in sizes if kind in found[size].counts]
        points = [(across(size), down(one["buffers"])) for size, one in counts]
        line = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="#1d4e5f" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="#1d4e5f"/>' for x, y in points]
        ends.append((points[-1][1], kind))
    parts += labels(ends, width - right + 8)
    return "\n".join([*parts, "</svg>", ""])


def labels(ends: list[tuple[float, str]], x: float) -> list[str]:
    """The names of the lines beside their last points, moved apart where they would touch."""
    placed, last = [], -100.0
    for y, kind in sorted(ends):
        last = max(y + 4, last + 16)
        placed.append(f'<text x="{x:.0f}" y="{last:.0f}">{kind}</text>')
    return placed

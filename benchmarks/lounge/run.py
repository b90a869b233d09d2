"""What the lounge costs: `python benchmarks/lounge/run.py LOUNGE_CORPUS.py [10000 200000 1000000]`.

For each size: makes the shared corpus, loads it into a simulated site, serves it with two workers, and asks each kind
of page many times as one signed-in member. Prints CPU milliseconds per request (web server and database together),
bytes, memory, buffer hits, and how each grows from the smallest size. Times are CPU times, since others may use the
machine; they still move by a fifth from run to run.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from site_under_test import Served, note, served, settle

ROUNDS, BLOCK = 3, 30
WORDS = ("torsadox", "sepsidine", "kaliemia")  # planted in 0.1, 1 and 10 % of posts
TARGETS = {"list": 8.0, "thread": 8.0, "search": 15.0, "reply": 12.0}


def main(generator: Path, sizes: list[int]) -> None:
    """Measure each size, then print the table and the growth."""
    figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="lounge-") as folder:
            Path(folder).chmod(0o711)  # the database runs as another account
            corpus = Path(folder) / "corpus"
            if (ready := generator.parent / f"c{size // 1000}k").is_dir():
                corpus = ready
            else:
                subprocess.run(
                    [sys.executable, str(generator), str(corpus), str(size // 10), str(size), "2000", "20"],
                    check=True, stdout=subprocess.DEVNULL,
                )  # fmt: skip
            with served(Path(folder) / "site", corpus) as site:
                figures[size] = measure(site)
        note(json.dumps({size: figures[size]}))
    show(figures)


def measure(site: Served) -> dict[str, float]:
    """Every figure of one size."""
    base = "/p/corpus/lounge/"
    twenty = site.sql("SELECT id FROM lounge_question WHERE answers = 19 ORDER BY id")
    threads = [f"{base}q/{row[0]}/" for row in twenty[:: max(1, len(twenty) // BLOCK)]][:BLOCK]
    slugs = [str(row[0]) for row in site.sql("SELECT DISTINCT specialty FROM lounge_question ORDER BY 1")]
    lists = [f"{base}in/{slugs[n % len(slugs)]}/" for n in range(BLOCK)]
    found = {
        "list": cost(site, lists),
        "thread": cost(site, threads),
        "list bytes": float(len(site.ask(lists[0]).body)),
        "thread bytes": float(len(site.ask(threads[0]).body)),
        "page 1,000": cost(site, [deep(site, slugs[0])] * BLOCK) / cost(site, [lists[0]] * BLOCK),
    }
    found |= {f"search {word}": cost(site, [f"{base}search/?q={word}"] * BLOCK) for word in WORDS}
    found["search"] = max(found[f"search {word}"] for word in WORDS)
    text = str(site.sql("SELECT text FROM lounge_post WHERE number = 3 LIMIT 1")[0][0])
    found["reply"] = cost(site, threads, data={"text": text, "source": ""})
    found["memory MB"] = site.memory()
    tables = "'lounge_post', 'lounge_question', 'lounge_readmark'"
    size = site.sql(f"SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(ARRAY[{tables}]) name")  # noqa: S608  # our own names
    posts = site.sql("SELECT count(*) FROM lounge_post")
    found["database bytes per post"] = float(size[0][0]) / float(posts[0][0])  # type: ignore[arg-type]  # a sum of sizes is a number
    return found


def deep(site: Served, slug: str) -> str:
    """The address of a late page of a specialty: the 1,000th, or the last full one."""
    rows = site.sql(
        f"SELECT moved_at, id FROM lounge_question WHERE specialty = '{slug}' AND programme_id = "  # noqa: S608  # ours
        "(SELECT id FROM people_programme WHERE slug = 'corpus') ORDER BY moved_at DESC, id DESC"
    )
    moment, key = rows[min(20 * 1000, len(rows) - 30)]
    return f"/p/corpus/lounge/in/{slug}/?after={moment.isoformat().replace('+', '%2B')},{key}"  # type: ignore[union-attr]  # a time comes first


def cost(site: Served, paths: list[str], *, data: dict[str, str] | None = None) -> float:
    """CPU milliseconds of one request: the median of some rounds, each over a block of addresses."""
    for path in paths[:8]:
        check(site, path, data)
    settle()
    rounds = []
    for _ in range(ROUNDS):
        before = site.cpu()
        for path in paths:
            check(site, path, data)
        rounds.append((site.cpu() - before) * 1000 / len(paths))
    return statistics.median(rounds)


def check(site: Served, path: str, data: dict[str, str] | None) -> None:
    answer = site.ask(path, data)
    wanted = 200 if data is None else 302
    if answer.status != wanted:
        words = re.sub(rb"<[^>]+>", b" ", answer.body)[:600].decode("utf-8", "replace")
        raise SystemExit(f"{path}: {answer.status} instead of {wanted}: {' '.join(words.split())}")


def show(figures: dict[int, dict[str, float]]) -> None:
    """The table: one row a figure, one column a size, then the growth from the smallest to the largest."""
    sizes = list(figures)
    say: Callable[[str], None] = print
    say(f"{'':26}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>9}{'target':>9}")
    for name in figures[sizes[0]]:
        row = [figures[size][name] for size in sizes]
        target = f"{TARGETS[name]:9.0f}" if name in TARGETS else ""
        say(f"{name:26}" + "".join(f"{value:12.1f}" for value in row) + f"{row[-1] / row[0]:8.2f}x{target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(each) for each in sys.argv[2:]] or [10_000, 200_000, 1_000_000])

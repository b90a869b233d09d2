"""What the lounge costs: `python benchmarks/lounge/run.py LOUNGE_CORPUS.py FOLDER [10000 200000 1000000]`.

For each size: makes the shared corpus, loads it into a simulated site in FOLDER (kept there, so that a second run
begins at once), and counts what one request asks of the database: queries and buffers, which noise cannot move. Then
all sites are served at once, two workers each, and are asked in turn, so that their CPU times (web server and database
together) can be compared. Writes `docs/explanation/speed-of-the-lounge.md` with its plot. FOLDER needs some 8 GB for a
million posts.
"""

import json
import os
import re
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from figures import Figures, write
from site_under_test import Served, inside, note, served, settle

ROUNDS = 5
#: What is also timed.
TIMED = ("list of a specialty", "list of all, page 1,000", "thread of 20 posts", "search torsadox", "search sepsidine",
         "search kaliemia", "reply")  # fmt: skip
#: Whose HTML is weighed.
WEIGHED = ("list of a specialty", "thread of 20 posts")
TABLES = "'lounge_post', 'lounge_question', 'lounge_readmark'"


def main(generator: Path, folder: Path, sizes: list[int]) -> None:
    """Count at each size, time all sizes in turn, write the page."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # the database runs as another account
    found = {size: Figures() for size in sizes}
    with ExitStack() as open_sites:
        sites = {}
        for size in sizes:
            place = folder / f"site-{size}"
            place.mkdir(mode=0o711, exist_ok=True)
            sites[size] = open_sites.enter_context(served(place, corpus(generator, folder, size)))
            found[size].counts = json.loads(inside("counts", sites[size].environment))
            note(json.dumps({size: found[size].counts}))
        for kind in TIMED:
            for size, cost in timed(sites, kind).items():
                found[size].cpu[kind] = cost
            note(f"{kind}: {[round(found[size].cpu[kind], 1) for size in sizes]} ms")
        for size, site in sites.items():
            found[size].memory = site.memory()
            found[size].post_bytes = post_bytes(site)
            found[size].page_bytes = {
                kind: page_bytes(site, kind) for kind in ("list of a specialty", "thread of 20 posts")
            }
    write(found, load=os.getloadavg()[1])


def corpus(generator: Path, folder: Path, size: int) -> Path:
    """The shared corpus of this size: a tenth as many topics, 2,000 members, 20 specialties."""
    made = folder / f"corpus-{size}"
    if not (made / "done").exists():
        command = [sys.executable, str(generator), str(made), str(size // 10), str(size), "2000", "20"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (made / "done").touch()
    return made


def timed(sites: dict[int, Served], kind: str) -> dict[int, float]:
    """CPU milliseconds of one request at each size: the median of rounds in which the sites take turns."""
    asked = {size: json.loads(inside("operations", site.environment))[kind] for size, site in sites.items()}
    for size, site in sites.items():  # both workers have seen it before
        block(site, asked[size], 4)
    settle()
    rounds: dict[int, list[float]] = {size: [] for size in sites}
    for turn in range(ROUNDS):
        for size, site in sites.items():
            before = site.cpu()
            many = block(site, asked[size], 10 * turn + 10)
            rounds[size].append((site.cpu() - before) * 1000 / many)
    return {size: statistics.median(all_rounds) for size, all_rounds in rounds.items()}


def block(site: Served, asked: dict[str, object], first: int) -> int:
    """Ten requests of one kind; how many. Whoever writes is somebody else each time: nobody may post much at once."""
    paths, data = asked["paths"], asked["data"]
    assert isinstance(paths, list)
    for number in range(first, first + 10):
        path = paths[number % len(paths)]
        answer = site.ask(path, data, who=number if data else 0)
        if answer.status != (302 if data else 200):
            words = re.sub(rb"<[^>]+>", b" ", answer.body)[:600].decode("utf-8", "replace")
            raise SystemExit(f"{path}: {answer.status}: {' '.join(words.split())}")
    return 10


def post_bytes(site: Served) -> float:
    """Bytes of the database for one post: its row, its words, its indexes, and its share of questions and marks."""
    (size,), *_ = site.sql(f"SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(ARRAY[{TABLES}]) name")  # noqa: S608  # our own names
    (posts,), *_ = site.sql("SELECT count(*) FROM lounge_post")
    return float(str(size)) / float(str(posts))


def page_bytes(site: Served, kind: str) -> int:
    """Bytes of HTML of one such page."""
    return len(site.ask(json.loads(inside("operations", site.environment))[kind]["paths"][0]).body)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [int(each) for each in sys.argv[3:]] or [10_000, 200_000, 1_000_000])

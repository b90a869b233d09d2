"""A corpus for measurements: `topics.tsv` and `posts.tsv`, read in the order in which people would have written.

Pure. topics.tsv: topic, category, user, title, created. posts.tsv: post, topic, user, created, text; the first post of
a topic is its question. Times are seconds since 1970. Lines are kept as offsets, so that a million of them fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

#: A text has at most so many characters, a title so many: what the lounge takes.
TEXT, TITLE = 8_000, 160


class CorpusTrouble(Exception):
    """The files are not such a corpus. `str(trouble)` says which one, the line, and what was expected."""


@dataclass(slots=True)
class Topic:
    """A question, and how its thread ends."""

    number: int  # counts from 0
    category: int
    user: int
    title: str
    asked_at: datetime
    moved_at: datetime
    posts: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A post: of which topic, which one of it (from 0), by whom, when, what."""

    topic: Topic
    number: int
    user: int
    at: datetime
    text: str


class Corpus:
    """Both files of a folder. Raises `CorpusTrouble` where one is missing or a line is no line of a corpus."""

    def __init__(self, folder: Path) -> None:
        self._posts = folder / "posts.tsv"
        self.topics = dict(_topics(folder / "topics.tsv"))
        self._lines: list[tuple[int, int, int, int]] = []  # created, offset, topic, number in the topic
        self.users = {topic.user for topic in self.topics.values()}
        for line, (offset, parts) in enumerate(_rows(self._posts, 5), start=1):
            topic = self.topics.get(_whole(parts[1], self._posts, line))
            if topic is None:
                raise CorpusTrouble(f"{self._posts.name}, line {line}: topic {parts[1]} is not in topics.tsv.")
            created = _whole(parts[3], self._posts, line)
            self._lines.append((created, offset, _whole(parts[1], self._posts, line), topic.posts))
            topic.posts += 1
            self.users.add(_whole(parts[2], self._posts, line))
            topic.moved_at = max(topic.moved_at, _moment(created))
        self._lines.sort()
        empty = next((each.number + 1 for each in self.topics.values() if not each.posts), None)
        if empty is not None:
            raise CorpusTrouble(f"topics.tsv, line {empty}: this topic has no post.")

    @property
    def posts(self) -> int:
        """How many posts there are."""
        return len(self._lines)

    def entries(self) -> Iterator[Entry]:
        """Every post, oldest first."""
        with self._posts.open("rb") as file:
            for created, offset, topic, number in self._lines:
                file.seek(offset)
                _post, _topic, user, _created, text = file.readline().decode("utf-8").rstrip("\n").split("\t")
                yield Entry(self.topics[topic], number, int(user), _moment(created), text[:TEXT])


def _topics(path: Path) -> Iterator[tuple[int, Topic]]:
    for line, (_offset, parts) in enumerate(_rows(path, 5), start=1):
        number, category, user, created = (_whole(parts[at], path, line) for at in (0, 1, 2, 4))
        asked_at = _moment(created)
        yield number, Topic(line - 1, category, user, parts[3][:TITLE], asked_at, asked_at)


def _rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    """(offset, columns) of each line."""
    try:
        file = path.open("rb")
    except OSError as trouble:
        raise CorpusTrouble(f"{path} cannot be read ({type(trouble).__name__}).") from None
    with file:
        offset = 0
        for number, line in enumerate(file, start=1):
            parts = line.decode("utf-8", "replace").rstrip("\n").split("\t")
            if len(parts) != columns:
                raise CorpusTrouble(f"{path.name}, line {number}: {len(parts)} columns, {columns} were expected.")
            yield offset, parts
            offset += len(line)


def _whole(text: str, path: Path, line: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise CorpusTrouble(f"{path.name}, line {line}: “{text[:20]}” is no whole number.")
    return int(text)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

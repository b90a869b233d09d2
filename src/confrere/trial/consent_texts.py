"""The consent texts that come with the product: our own words, to be adapted by a site and its review board."""

from importlib.resources import files

_FOLDER = files("confrere.trial") / "texts"


def shipped_consent(document: str, version: str) -> str:
    """The exact text of a document's version; raises KeyError where none is shipped."""
    place = _FOLDER / f"{document}-{version}.txt"
    if not place.is_file():
        raise KeyError(f"{document} {version}")
    return place.read_text(encoding="utf-8")

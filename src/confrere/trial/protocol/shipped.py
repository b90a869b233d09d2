"""The protocols that come with the product."""

from importlib.resources import files

_FOLDER = files("confrere.trial") / "protocols"


def shipped_protocols() -> tuple[str, ...]:
    """Their ids, in alphabetical order."""
    names = (entry.name for entry in _FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def shipped_protocol(id_: str) -> str:
    """The text of one of them; raises KeyError for another id."""
    if id_ not in shipped_protocols():
        raise KeyError(id_)
    return (_FOLDER / f"{id_}.toml").read_text(encoding="utf-8")

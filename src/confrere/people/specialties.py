"""The specialties that confrère knows, from `specialties.toml`."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def labels() -> dict[str, str]:
    """Slug → plain name, in the order of the names."""
    text = files("confrere.people").joinpath("specialties.toml").read_text(encoding="utf-8")
    return dict(sorted(tomllib.loads(text).items(), key=lambda entry: str(entry[1])))

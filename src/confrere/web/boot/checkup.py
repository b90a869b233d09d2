"""A look at the whole installation from outside, as far as it stands."""

import json
import platform
from collections.abc import Callable
from typing import cast

from confrere.web.boot.database import open_database
from confrere.web.boot.errors import BootError
from confrere.web.boot.place import Site, data_directory, load_site
from confrere.web.boot.running import run_django
from confrere.web.postgres import PostgresError, find_binaries

type Findings = list[dict[str, object]]


def examine(*, tell: Callable[[str], None]) -> Findings:
    """What is well and what is not; stops where what comes next needs what is missing."""
    found: Findings = [finding("python", True, f"Python {platform.python_version()}.")]
    try:
        binaries = find_binaries()
        found.append(finding("postgresql", True, f"Version {binaries.version} in {binaries.directory}."))
        site = load_site(data_directory())
        found.append(finding("site", True, f"{site.name}, {site.origin}, data in {site.data}."))
        return found + look_inside(site, tell=tell)
    except (PostgresError, BootError) as error:
        return [*found, finding("start", False, str(error))]


def look_inside(site: Site, *, tell: Callable[[str], None]) -> Findings:
    """What the application finds when it looks at its own database and keys."""
    with open_database(site, tell=tell) as database:
        answer = json.loads(run_django(site, database.app, "confrere.web.boot.inside", "examine"))
    return [finding("database", True, "It accepts connections."), *cast("Findings", answer)]


def finding(about: str, well: bool, sentence: str) -> dict[str, object]:
    """One line."""
    return {"about": about, "well": well, "sentence": sentence}

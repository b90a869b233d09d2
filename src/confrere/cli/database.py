"""Commands that look into an installation's database: they run in a Django process of their own.

Such a command starts itself again, with the site's address, keys and settings in its environment. With
CONFRERE_DATABASE set it is that process already, and simply goes on.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from confrere.cli.progress import tell
from confrere.cli.refusal import Refusal
from confrere.web.boot import BootError
from confrere.web.boot.database import open_database
from confrere.web.boot.demo import demo_site, read_stamp
from confrere.web.boot.place import child_environment, data_directory, load_site


def inside() -> bool:
    """Whether this process has a database; then Django is ready."""
    if not os.environ.get("CONFRERE_DATABASE"):
        return False
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confrere.web.settings")
    import django

    django.setup()
    return True


def again(words: Sequence[str], *, demo: bool) -> int:
    """Run `confrere WORDS` in a Django process on the site's database, or the demo's; its exit code."""
    try:
        site = demo_site(port=8000) if demo else load_site(data_directory())
        if demo and read_stamp(site) is None:
            raise Refusal("There is no simulated programme on this machine yet. Make one with `confrere demo`.")
        with open_database(site, tell=tell) as database:
            environment = child_environment(site, database.app)
            command = [sys.executable, "-m", "confrere.cli", *words]
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  # ourselves, no shell
    except BootError as error:
        raise Refusal(str(error)) from None

"""Bringing the house up: where its data lie, its database, its processes, and a clean end.

Here: everything between the command line and running processes. It starts Django in processes of its own and does
not import it. Who may enter: cli.
"""

from confrere.web.boot.errors import BootError

__all__ = ["BootError"]

"""A directory that the database server's account may enter, and a free port."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def open_directory() -> Iterator[Path]:
    """pytest's own temporary directories are closed to other accounts; as root the server is another one."""
    directory = Path(tempfile.mkdtemp(prefix="confrere-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number

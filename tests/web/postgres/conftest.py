"""A server of this folder's own, in a directory that the server's account may enter."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from confrere.web.postgres import Address, Cluster


@pytest.fixture(scope="session")
def open_directory() -> Iterator[Path]:
    """pytest's own temporary directories are closed to other accounts; as root the server is another one."""
    directory = Path(tempfile.mkdtemp(prefix="confrere-", dir="/tmp"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def cluster(open_directory: Path) -> Iterator[Cluster]:
    """A running server; tests that kill it start it again, and only the machine's own crash could lose data."""
    cluster = Cluster(open_directory / "data", settings={"fsync": "off"})
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def address(cluster: Cluster) -> Address:
    return cluster.address

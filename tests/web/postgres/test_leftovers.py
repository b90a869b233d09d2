"""A number in a lock file counts only if that process is a PostgreSQL on that very directory."""

import os
from pathlib import Path

import pytest

from confrere.web.postgres import Cluster, leftovers


@pytest.mark.parametrize("text", ["", "not a number\n"])
def test_a_broken_pid_file_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "postmaster.pid").write_text(text)
    assert leftovers.server_process(tmp_path) is None


def test_a_process_that_is_gone_has_no_command_line() -> None:
    assert leftovers.command_line(2**22 + 1) == []


def test_without_proc_the_processes_are_asked_of_ps(cluster: Cluster, tmp_path: Path) -> None:
    pid = cluster.process_id()
    assert pid is not None
    assert leftovers.is_server(pid, cluster.cluster, proc=tmp_path)
    assert not leftovers.is_server(pid, tmp_path, proc=tmp_path)
    assert not leftovers.is_server(os.getpid(), cluster.cluster, proc=tmp_path)

"""The script at the root: any Python from 3.9 runs it, it finds a new one by running it, and says what is missing."""

import importlib.util
import os
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module; the machine's own uv and Pythons are out of sight."""
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "PLACES", ())
    for name in ("PATH", "PYENV_ROOT", "HOME"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.delenv("CONFRERE_PYTHON", raising=False)
    return module


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def python(path: Path, version: tuple[int, int]) -> Path:
    """A program that answers as a Python of this version."""
    return program(path, f"echo '[[{version[0]}, {version[1]}], \"{path}\"]'")


def test_a_python_is_believed_only_when_it_runs(dev: ModuleType, tmp_path: Path) -> None:
    assert dev.probe(sys.executable) == (sys.version_info[:2], sys.executable)
    assert dev.probe(str(tmp_path / "none")) is None
    assert (
        dev.probe(str(program(tmp_path / "shim", "echo 'pyenv: python3.13: command not found' >&2; exit 127"))) is None
    )


def test_it_is_looked_for_on_path_then_with_pyenv_then_with_uv(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(python(tmp_path / "old" / "python", (3, 9))))
    with pytest.raises(dev.Missing, match=r"needs Python 3\.12 or newer\. Found only 3\.9\."):
        dev.find_python()
    offered = python(tmp_path / "offered", (3, 13))
    uv = program(tmp_path / "bin" / "uv", f"echo {offered}")
    monkeypatch.setenv("PATH", str(uv.parent))
    assert dev.find_python() == str(offered)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    python(tmp_path / "pyenv" / "versions" / "3.11.7" / "bin" / "python", (3, 11))
    installed = python(tmp_path / "pyenv" / "versions" / "3.12.1" / "bin" / "python", (3, 12))
    assert dev.find_python() == str(installed)
    program(uv.parent / "python3.13", "exit 127")
    on_path = python(uv.parent / "python3.14", (3, 14))
    assert dev.find_python() == str(on_path)
    monkeypatch.setenv("CONFRERE_PYTHON", str(python(tmp_path / "named", (3, 15))))
    assert dev.find_python() == str(tmp_path / "named")


def test_modules_are_compiled_once_and_nothing_is_written_beside_them(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    assert "PYTHONPYCACHEPREFIX" not in dev.clean_environ()
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environ = dev.clean_environ()
    assert "PYTHONDONTWRITEBYTECODE" not in environ
    assert environ["PYTHONPYCACHEPREFIX"] == str(ROOT / ".venv" / "pycache")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "/elsewhere")
    assert dev.clean_environ()["PYTHONPYCACHEPREFIX"] == "/elsewhere"


def test_the_coverage_gate_is_for_the_whole_suite_only(dev: ModuleType) -> None:
    assert dev.test_options([]) == ["-n", "auto", "--dist", "loadfile", "--cov", "--cov-report=term", "-q"]
    assert dev.test_options(["tests/vault"]) == ["-n", "auto", "--dist", "loadfile", "tests/vault"]
    assert dev.test_options(["-n0", "-x"]) == ["-n0", "-x"]


def test_a_changed_requirement_or_place_is_noticed(dev: ModuleType, tmp_path: Path) -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    before = dev.digests(tmp_path)
    (tmp_path / "requirements-dev.txt").write_text("pytest==9")
    after = dev.digests(tmp_path)
    assert (after["run"] == before["run"], after["dev"] == before["dev"]) == (True, False)
    assert dev.stamp(tmp_path) == {}


def test_it_says_what_is_missing_without_an_index(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path / "bin" / "uv", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(dev.Missing, match=r"The packages of requirements\.txt could not be installed"):
        dev.install(tmp_path, program(tmp_path / "python", "exit 1"), "requirements.txt")
    assert "uv could not install requirements.txt; trying pip." in capfd.readouterr().err
    with pytest.raises(dev.Missing, match="could not be made with"):
        dev.create(tmp_path / ".venv", str(tmp_path / "python"))


def test_chromium_is_named_where_it_cannot_be_installed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    dev.browser()
    assert "apt-get install chromium" in capfd.readouterr().err


@pytest.mark.parametrize("words", [[], ["--help"], ["test", "--help"], ["check", "--help"], ["docs", "-h"]])
def test_help_needs_no_environment(dev: ModuleType, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(words) == 0
    assert "./dev" in capsys.readouterr().out


def test_a_command_that_is_none_is_refused(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["nonsense"]) == 2
    assert "There is no command nonsense." in capsys.readouterr().err


def old_pythons() -> list[str]:
    found = Path(os.environ.get("PYENV_ROOT", Path("~/.pyenv").expanduser())).glob("versions/3.*/bin/python")
    return sorted(str(path) for path in found if path.parts[-3].split(".")[1] in {"9", "10", "11"})


def test_an_old_python_runs_it() -> None:
    pythons = old_pythons()
    if not pythons:
        pytest.skip("no Python from 3.9 to 3.11 is installed with pyenv here")
    for old in pythons:
        answer = subprocess.run([old, ROOT / "dev", "--help"], capture_output=True, text=True, check=False)
        assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.slow
def test_a_checkout_with_spaces_and_no_path_gets_its_environment(tmp_path: Path) -> None:
    checkout = tmp_path / "a check out"
    (checkout / "src" / "confrere").mkdir(parents=True)
    shutil.copytree(ROOT / "src" / "confrere" / "cli", checkout / "src" / "confrere" / "cli")
    (checkout / "src" / "confrere" / "__init__.py").touch()
    shutil.copy(ROOT / "dev", checkout)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (checkout / name).write_text("")
    environ = {"CONFRERE_PYTHON": sys.executable, "PATH": "/nowhere", "PYTHONPATH": "/nowhere", "PIP_USER": "1"}
    for _ in range(2):
        answer = subprocess.run(
            ["/bin/sh", checkout / "dev", "confrere", "--version"],
            cwd="/",
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (answer.returncode, answer.stdout) == (0, "confrere from source\n")
    assert "Making the environment" not in answer.stderr  # the second time
    command = subprocess.run(
        [checkout / ".venv/bin/confrere", "--version"], capture_output=True, text=True, check=False
    )
    assert command.stdout == "confrere from source\n"

"""Whether the requirements files are what uv.lock says: `python tests/house/requirements.py [UV]`.

The files are compared with the lock itself. Where uv is at hand, its own export is compared too.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = {"requirements.txt": ["--no-dev"], "requirements-dev.txt": []}

type Pins = dict[tuple[str, str], set[str]]


def pins(text: str) -> Pins:
    """(name, version) → hashes, of an exported requirements file."""
    found: Pins = {}
    for block in re.split(r"\n(?=\w)", text):
        if match := re.match(r"([\w.-]+)==([\w.+!]+)", block):
            found[match[1], match[2]] = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", block))
    return found


def locked(lock: str) -> Pins:
    """(name, version) → hashes, of a uv.lock."""
    return {
        (package["name"], package.get("version", "")): {
            file["hash"] for file in [*package.get("wheels", []), package.get("sdist", {})] if "hash" in file
        }
        for package in tomllib.loads(lock)["package"]
    }


def direct(pyproject: str) -> set[str]:
    """The names that pyproject.toml asks for, in the spelling of the lock."""
    data = tomllib.loads(pyproject)
    lines = [*data["project"]["dependencies"], *data["dependency-groups"]["dev"]]
    return {re.split(r"[\[<>=;~! ]", line)[0].lower().replace("_", "-") for line in lines}


def differences(root: Path) -> list[str]:
    """One sentence for each requirement that is not what the lock says; empty if all is in step."""
    lock = locked((root / "uv.lock").read_text())
    sentences = []
    names: set[str] = set()
    for file in FILES:
        for (name, version), hashes in pins((root / file).read_text()).items():
            names.add(name)
            if lock.get((name, version)) != hashes:
                sentences.append(f"{file}: {name} {version} is not what uv.lock says.")
    asked = direct((root / "pyproject.toml").read_text())
    return sentences + [f"{name} of pyproject.toml is in no requirements file." for name in sorted(asked - names)]


def stale_exports(root: Path, uv: str) -> list[str]:
    """The files that uv would write in another way."""
    stale = []
    for file, options in FILES.items():
        command = [uv, "export", "-q", "--frozen", "--no-emit-project", *options, "--format", "requirements-txt"]
        answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        if answer.returncode == 0 and pins(answer.stdout) != pins((root / file).read_text()):
            stale.append(f"{file} is not what uv exports from uv.lock.")
    return stale


def main(uv: str) -> int:
    """Print what is out of step; 1 if anything is."""
    sentences = differences(ROOT) + (stale_exports(ROOT, uv) if uv else [])
    for sentence in sentences:
        print(sentence)  # noqa: T201  (a command's output)
    return 1 if sentences else 0


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:2])))

"""Reading and writing files for commands: a file that cannot be read is refused, one that exists is kept."""

import os
import tempfile
from pathlib import Path

from confrere.cli.refusal import Refusal


def read_bytes(path: Path) -> bytes:
    """The content of a file; raises `Refusal` where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path}: this file cannot be read ({error.strerror}).") from None


def read_text(path: Path) -> str:
    """The UTF-8 text of a file; raises `Refusal`."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{path}: this file is not UTF-8 text.") from None


def write_new(path: Path, text: str, *, secret: bool = False) -> None:
    """Write a file whole or not at all, never over another; only its owner reads a secret one."""
    if path.exists():
        raise Refusal(f"{path}: this file exists and is not overwritten.")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o600 if secret else 0o644)
        Path(name).rename(path)
    except OSError as error:
        raise Refusal(f"{path}: this file cannot be written ({error.strerror}).") from None

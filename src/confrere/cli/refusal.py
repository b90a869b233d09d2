"""What a command raises when the input is wrong: one plain sentence, exit code 2, nothing written."""

import argparse
from typing import NoReturn, override


class Refusal(Exception):
    """The input cannot be used. ``str(refusal)`` is the sentence that a person reads."""


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in one sentence instead of printing its usage."""

    @override
    def error(self, message: str) -> NoReturn:
        hint = f"See {self.prog} --help."
        raise Refusal(f"{self.prog}: {message}. {hint}")

"""The table of commands: one line each, so that listing them imports none of them.

A command is a module with

- its docstring: what the command does (the first line of ``--help``);
- ``EXAMPLE``: the command lines that ``--help`` prints below the options;
- ``configure(parser)``: adds the arguments;
- ``run(args) -> int``: does the work, prints results to stdout and progress to stderr, returns the exit
  code (0 done, 1 anything else) and raises `confrere.cli.refusal.Refusal` when the input is wrong.
"""

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast


class CommandModule(Protocol):
    """What the dispatcher asks of a command's module."""

    __doc__: str | None
    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives and what it is for, in one line."""

    module: str
    summary: str

    def load(self) -> CommandModule:
        """Import the command's module; only now, so that the others cost nothing."""
        return cast("CommandModule", import_module(self.module))


COMMANDS: dict[str, Command] = {
    "audit": Command("confrere.cli.audit", "check that nobody has changed the audit trail"),
    "disclose": Command("confrere.cli.disclose", "print everything that exists about a person"),
    "doctor": Command("confrere.cli.doctor", "say what works here and what is missing"),
    "init": Command("confrere.cli.init", "make a site: database, keys, first operator"),
    "passkeys": Command("confrere.cli.passkeys", "help a person who lost their passkeys"),
    "registers": Command("confrere.cli.registers", "import registers of physicians, and check who is inside"),
    "serve": Command("confrere.cli.serve", "serve the site of this machine"),
    "lounge": Command("confrere.cli.lounge", "load a corpus into a simulated lounge, for measurements"),
    "demo": Command("confrere.cli.demo", "show a simulated programme on this machine"),
    "analyze": Command("confrere.cli.analyze", "analyse a trial's data file by a plan"),
    "allocate": Command("confrere.cli.allocate", "draw the arms of a closed roster, verifiably"),
    "check": Command("confrere.cli.check", "find published numbers that cannot belong together"),
    "coaches": Command("confrere.cli.coaches", "show results by coach: shrunken, from five coachees on"),
    "meta": Command("confrere.cli.meta", "pool the effects of several studies"),
    "power": Command("confrere.cli.power", "simulate a planned trial: how often would it find its effect"),
    "questionnaire": Command("confrere.cli.questionnaire", "convert questionnaires: REDCap, ODM, FHIR"),
    "score": Command("confrere.cli.score", "score item columns by an instrument"),
    "phi": Command("confrere.cli.phi", "find what points at a patient in texts"),
    "verify": Command("confrere.cli.verify", "verify a published allocation record"),
}

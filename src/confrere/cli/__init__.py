"""The command line: ``confrere COMMAND …``.

Here live the dispatcher, the table of commands and one module per command. A command translates arguments,
makes one call into a room below and prints; no rule and no number is decided here. Commands are imported
when they are asked for: the statistician's commands never import Django.
"""

import argparse
import difflib
import os
import sys
from importlib.metadata import PackageNotFoundError, version

from confrere.cli.commands import COMMANDS
from confrere.cli.refusal import Parser, Refusal

__all__ = ["main"]

#: What a shell says of a program that wrote into a closed pipe: 128 + 13 (SIGPIPE).
NOBODY_READS = 141


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 the input is wrong, 1 anything else.

    141 says that nobody read the output to its end, as shells say it.
    """
    words = sys.argv[1:] if argv is None else argv
    try:
        code = _run(words)
        sys.stdout.flush()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except BrokenPipeError:
        return _reader_left()
    return code


def _run(words: list[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_overview())
        return 0
    if words[0] == "--version":
        print(f"confrere {_version()}")
        return 0
    return _dispatch(words[0], words[1:])


def _reader_left() -> int:
    """Whoever read our output, like `head`, has enough: end quietly, with the code of a program that SIGPIPE ended.

    Python would flush stdout once more when it ends, and complain; so stdout leads to nowhere from here on.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return NOBODY_READS


def _dispatch(name: str, rest: list[str]) -> int:
    if name not in COMMANDS:
        raise Refusal(_unknown(name))
    module = COMMANDS[name].load()
    parser = Parser(
        prog=f"confrere {name}",
        description=module.__doc__,
        epilog=f"example:\n{module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.configure(parser)
    try:
        args = parser.parse_args(rest)
    except SystemExit:  # argparse leaves this way after it has printed the help
        return 0
    return module.run(args)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"Did you mean {near[0]}?" if near else "confrere --help lists the commands."
    return f"There is no command {name}. {hint}"


def _overview() -> str:
    width = max((len(name) for name in COMMANDS), default=0)
    lines = [f"  {name:<{width}}  {command.summary}" for name, command in sorted(COMMANDS.items())]
    head = ["usage: confrere COMMAND …", "", "commands:"]
    return "\n".join([*head, *lines, "", "confrere COMMAND --help explains one of them with an example."])


def _version() -> str:
    try:
        return version("confrere")
    except PackageNotFoundError:  # a source tree that is not installed
        return "from source"

"""The parser of every command line: what it prints goes where all that is printed goes, and an error is one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from stomptui.config.output import put, say
from stomptui.config.secret_names import MASK, is_secret
from stomptui.config.url import hide_password


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without a password that stands in an argument."""

    _arguments: Sequence[str] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        self._arguments = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        say(without_secrets(message, self._arguments))
        self.exit(2)

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            # Help and version; an error goes by `error`.
            put(message, keep="\n", end="")


def without_secrets(message: str, arguments: Sequence[str]) -> str:
    """An error text in which arguments have lost what may be a password.

    Args:
        message: As argparse or we made it: arguments stand in it as they came, as their `repr` or as a path.
        arguments: Those of the command line.
    """
    hidden: dict[str, str] = {}
    before = ""
    for argument in arguments:
        safe = hide_password(argument)
        name, equals, value = argument.partition("=")
        if name.startswith("-") and equals and value and is_secret(name.lstrip("-")):
            safe = f"{name}={MASK}"
        elif before.startswith("-") and "=" not in before and is_secret(before.lstrip("-")):
            safe = MASK
        elif name.startswith("-") and equals and (hidden_value := hide_password(value)) != value:
            safe = f"{name}={hidden_value}"
        if safe != argument:
            hidden[argument] = safe
        before = argument
    for argument in sorted(hidden, key=len, reverse=True):
        for spelt in (repr(argument), argument, str(Path(argument))):
            message = message.replace(spelt, hidden[argument])
    return message

"""Reads the headers, and the body, of a curl command that somebody copied."""

from __future__ import annotations

import re
import shlex

from stomptui.compose.pasted import Pasted

_COMMAND = re.compile(r"\s*(?:\$\s+)?(?:curl\b|(?:-H|--header)[\s='\"])")
_CONTINUED = re.compile(r"\\\r?\n|\\\r")
_BODIES = ("-d", "--data", "--data-raw", "--data-ascii", "--data-binary", "--json")
_NOT_TAKEN = ("-u", "--user", "-F", "--form", "-b", "--cookie", "-T", "--upload-file", "--data-urlencode")
"""What a message cannot have, or would have to be looked for elsewhere."""


def read_command(text: str) -> Pasted | None:
    """The header lines that `-H` gives, and the body that `--data` gives; None if the text is no such command."""
    if not _COMMAND.match(text):
        return None
    try:
        words = shlex.split(_CONTINUED.sub(" ", text))
    except ValueError:
        return None
    lines: list[tuple[str, str]] = []
    bodies: list[str] = []
    left_out: list[str] = []
    coming = iter(words)
    for word in coming:
        option, value = _option(word)
        if option is None:
            continue
        if value is None:
            value = next(coming, "")
        if option in ("-H", "--header"):
            name, _, rest = (value if ":" in value else value.rstrip(";")).partition(":")
            if name.strip() and not name.startswith("@"):
                lines.append((name.strip(), rest.strip()))
        elif option in _NOT_TAKEN or value.startswith("@"):
            left_out.append(option)
        else:
            bodies.append(value)
            if option == "--json":
                lines += [("content-type", "application/json"), ("accept", "application/json")]
    return Pasted(lines, "&".join(bodies), left_out=tuple(dict.fromkeys(left_out))) if lines or bodies else None


def _option(word: str) -> tuple[str | None, str | None]:
    """The option that a word is, None for another, and the value that is a part of the word."""
    for option in (*_BODIES, *_NOT_TAKEN, "-H", "--header"):
        if word == option:
            return option, None
        if option.startswith("--") and word.startswith(f"{option}="):
            return option, word[len(option) + 1 :]
        if not option.startswith("--") and word.startswith(option) and not word.startswith("--"):
            return option, word[2:]
    return None, None

"""Another name for a profile in the text of profiles.toml; every other character stays."""

from __future__ import annotations

import re
import sys
from typing import Any

import tomlkit

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_HEADER = re.compile(
    r"""(?P<before>\s*\[\s*(?:profiles|"profiles"|'profiles')\s*\.\s*)"""
    r"""(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)(?P<after>\s*[.\]].*)""",
    re.DOTALL,
)


def with_renamed_profile(text: str, old: str, new: str) -> str | None:
    """The text with another name in the headers of a profile's tables.

    Args:
        text: The content of a file of profiles.
        old: The name of one of them.
        new: A name that none of them has.

    Returns:
        None if the profile is written in another way than as a table of its own, and was not renamed.
    """
    lines = text.splitlines(keepends=True)
    renamed = "".join(_renamed(line, old, new) for line in lines)
    try:
        expected, found = tomllib.loads(text), tomllib.loads(renamed)
    except (ValueError, RecursionError):
        return None
    expected["profiles"] = {new if name == old else name: table for name, table in expected["profiles"].items()}
    # A text over several lines may hold what looks like a header.
    return renamed if found == expected else None


def _renamed(line: str, old: str, new: str) -> str:
    header = _HEADER.fullmatch(line)
    if header is None or old not in _tables(f"{header['key']} = 1"):
        return line
    return f"{header['before']}{tomlkit.key(new).as_string()}{header['after']}"


def _tables(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = tomllib.loads(text)
    except ValueError:
        return {}
    return found

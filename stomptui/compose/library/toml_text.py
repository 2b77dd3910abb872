"""Writing texts as TOML that is easy to read, and that gives the very same text when it is read."""

from __future__ import annotations

import re


def toml_text(text: str, lines: bool = True) -> str:
    """A text as TOML, as it is where that is possible. What is invisible or could reorder a line is its number.

    Args:
        text: The text.
        lines: Whether it may be written over several lines if it has some.

    Raises:
        ValueError: It has half a character in it, which TOML cannot have.
    """
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("it has bytes or half a character in it that are no text")
    lines = lines and "\n" in text
    plain = all(char.isprintable() or (lines and char in "\n\t") for char in text)
    if plain and ("\\" in text or '"' in text):
        if lines and "'''" not in text and not text.endswith("'"):
            return f"'''\n{text}'''"
        if not lines and "'" not in text:
            return f"'{text}'"
    escaped = "".join(_escaped(char, lines) for char in text)
    if not lines:
        return f'"{escaped.replace(chr(34), chr(92) + chr(34))}"'
    # Three in a row would end it.
    escaped = re.sub('""(?="|$)|"$', lambda quotes: quotes[0][:-1] + chr(92) + chr(34), escaped)
    return f'"""\n{escaped}"""'


def _escaped(char: str, lines: bool) -> str:
    if char == "\\":
        return "\\\\"
    if char.isprintable() or (lines and char in "\n\t"):
        return char
    short = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    return short or (f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")

"""Escaping of header names and values (STOMP 1.2 and 1.1, "Value Encoding"; 1.0 has none)."""

from __future__ import annotations

import re

_DECODE = {
    "1.0": {},
    "1.1": {"\\n": "\n", "\\c": ":", "\\\\": "\\"},
    "1.2": {"\\n": "\n", "\\c": ":", "\\\\": "\\", "\\r": "\r"},
}
_ENCODE = {version: str.maketrans({v: k for k, v in table.items()}) for version, table in _DECODE.items()}
_SEQUENCE = re.compile(r"\\.?", re.DOTALL)


def escape(text: str, version: str) -> str:
    """Escape a header name or value for the wire in a version ("1.0", "1.1", "1.2")."""
    return text.translate(_ENCODE[version])


def unescape(text: str, version: str, faults: list[str]) -> str:
    """Undo `escape`. Undefined sequences are kept as they are and reported in `faults`.

    1.1 has no escape for a carriage return; brokers that send one to 1.1 clients use that of 1.2, so it is unescaped,
    and reported as well.
    """
    table = _DECODE.get(version, _DECODE["1.2"])
    if not table or "\\" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        known = table.get(match[0])
        if known is None:
            faults.append(f"undefined escape {match[0]!r} in a header")
            known = "\r" if match[0] == "\\r" and version == "1.1" else match[0]
        return known

    return _SEQUENCE.sub(replace, text)

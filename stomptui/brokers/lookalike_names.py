"""Destinations that a broker reads as another one than was named."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from stomptui.protocol.names import shown

_JAVA_BLANKS = "".join(chr(code) for code in range(0x21))
"""What `String.trim` of Java takes away at the ends."""
_KIND = re.compile(r"/(?:queue|topic|temp-queue|temp-topic|remote-temp-queue|remote-temp-topic)/|", re.DOTALL)


def leading_blank(destination: str, title: str, version: str) -> str:
    """RabbitMQ and Artemis leave blanks at the start of a value out, in STOMP 1.0 alone."""
    if version != "1.0" or not destination.startswith(" "):
        return ""
    other = destination.lstrip(" ")
    return f"in STOMP 1.0 {title} takes it for “{shown(other)}”: connect with 1.1 or 1.2"


def trimmed(destination: str, title: str) -> str:
    """ActiveMQ trims names, in all versions: no queue of it has a blank or control character at an end."""
    kind, name = _apart(destination)
    if all(part == part.strip(_JAVA_BLANKS) for part in name.partition("?")[0].split(",")) and kind == kind.strip():
        return ""
    meant = kind.strip(_JAVA_BLANKS) + ",".join(part.strip(_JAVA_BLANKS) for part in name.split(","))
    return f"{title} leaves blanks and control characters at the ends of a name out: it takes it for “{shown(meant)}”"


def _apart(destination: str) -> tuple[str, str]:
    """What kind of destination it is, blanks before it included, and the name."""
    blanks = len(destination) - len(destination.lstrip(_JAVA_BLANKS))
    found = _KIND.match(destination, blanks)
    end = found.end() if found and found.group() else 0
    return destination[:end], destination[end:]


def line_break(destination: str, title: str) -> str:
    """RabbitMQ takes line breaks out of the name of a queue that it declares, and looks for the whole name else: what
    is sent to such a queue is confirmed and dropped."""
    if "\n" not in destination and "\r" not in destination:
        return ""
    other = destination.replace("\n", "").replace("\r", "")
    return f"{title} has no queues with line breaks in their names, and makes “{shown(other)}” of it"


def escapes(destination: str, title: str, version: str) -> str:
    """RabbitMQ undoes escapes in STOMP 1.0 too, where nothing is escaped."""
    if version != "1.0" or "\\" not in destination:
        return ""
    return f"in STOMP 1.0 {title} takes the backslash for the start of an escape: connect with 1.1 or 1.2"


def decoded(destination: str) -> str:
    """RabbitMQ encodes control characters, all that is not ASCII and the percent sign in what a MESSAGE names, and
    decodes nothing but the slash in what SEND and SUBSCRIBE name."""
    parts = destination.split("/")
    plain = (unquote_to_bytes(part).decode("utf-8", "surrogateescape") for part in parts)
    return "/".join(part.replace("/", "%2F") for part in plain)

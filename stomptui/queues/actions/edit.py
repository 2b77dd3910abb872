"""The same edit of several messages on their way to another queue."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.config.secret_names import without_secrets
from stomptui.connection.dialect.header_rules import shortened
from stomptui.protocol.frame import Headers
from stomptui.queues.headers.carrying import Change

TITLE = "Edited"


@dataclass(frozen=True)
class Edit:
    """Headers are set, headers are removed, and a text in the body is replaced."""

    sets: Headers = ()
    removes: tuple[str, ...] = ()
    find: str = ""
    """What is replaced wherever it stands in a body of text, "" for nothing."""
    put: str = ""
    """What takes its place."""

    def headers(self, headers: Headers) -> tuple[Headers, tuple[Change, ...]]:
        """The headers of a message after it, and what it does to them."""
        lines = list(headers)
        changes = []
        for name, value in self.sets:
            places = [place for place, line in enumerate(lines) if line[0] == name]
            if [lines[place][1] for place in places] == [value]:
                continue
            # A second line of the same name would be another value of it.
            lines = [line for place, line in enumerate(lines) if place not in places[1:]]
            if places:
                lines[places[0]] = (name, value)
            else:
                lines.append((name, value))
            changes.append(Change(name, f"{shortened(name)} is {shortened(without_secrets(name, value))}", TITLE))
        for name in self.removes:
            if any(line[0] == name for line in lines):
                lines = [line for line in lines if line[0] != name]
                changes.append(Change(name, f"{shortened(name)} is removed", TITLE))
        return tuple(lines), tuple(changes)

    def body(self, body: bytes) -> tuple[bytes, tuple[Change, ...], str]:
        """The body of a message after it, what it does to it, and why it cannot be edited, "" if it can."""
        if not self.find:
            return body, (), ""
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return body, (), "its body is not text, so nothing in it can be replaced"
        if self.find not in text:
            return body, (), ""
        change = Change("body", f"“{shortened(self.find)}” becomes “{shortened(self.put)}” in the body", TITLE)
        return text.replace(self.find, self.put).encode("utf-8"), (change,), ""

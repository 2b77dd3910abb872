"""What a snippet is written from: the message of a draft, where it goes, and which values stay in the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stomptui.compose.checks import first_error, problems
from stomptui.compose.draft import Draft, HeaderLine
from stomptui.config.connection import Connection
from stomptui.config.secret_names import MASK, path_without_secrets, secret_spans, without_sources

PASSWORD = "STOMP_PASSWORD"
"""The environment variable with the password."""
LARGEST = 4 << 20
"""Bytes of a body that are written into a snippet."""
RECEIPT = "stomptui-1"
"""The receipt that a snippet asks for, if the draft asks for one."""


class NotWritten(ValueError):
    """Why no snippet is written, for the person."""


@dataclass(frozen=True)
class Field:
    """One header line, unescaped."""

    name: str
    value: str
    """Its value; of a secret a mask, and never the secret."""
    variable: str = ""
    """The environment variable that has the value, "" where it is no secret."""


@dataclass(frozen=True)
class Target:
    """Where a message is sent, without any secret."""

    host: str
    port: int
    version: str
    vhost: str | None
    login: str
    password: bool
    """Whether there is a password, which then is in the environment."""
    tls: bool
    websocket: bool
    path: str
    """The path of the WebSocket endpoint."""
    verify: bool
    """Whether the certificate of the broker is verified."""
    ca_file: str
    cert_file: str
    key_file: str
    server_name: str
    """The name that the certificate is to have, "" for the host's."""
    headers: tuple[Field, ...]
    """More headers of the CONNECT frame."""

    @classmethod
    def of(cls, connection: Connection, version: str) -> Target:
        """The target that a connection leads to, where a version of STOMP is spoken."""
        tls = connection.tls
        return cls(
            host=connection.host,
            port=connection.port,
            version=version,
            vhost=connection.vhost,
            login=connection.login,
            password=bool(connection.passcode),
            tls=connection.transport.encrypted,
            websocket=connection.transport.websocket,
            path=without_sources(path_without_secrets(connection.ws_path)),
            verify=tls.verify,
            ca_file=tls.ca_file,
            cert_file=tls.cert_file,
            key_file=tls.key_file,
            server_name=tls.server_name,
            headers=tuple(_fields(connection.headers, "STOMP_CONNECT_")),
        )

    @property
    def place(self) -> str:
        """Host and port for a person."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class SnippetMessage:
    """One message to one target."""

    target: Target
    fields: tuple[Field, ...]
    """The header lines in order, the destination first; without those that the two switches add."""
    receipt: bool
    content_length: bool
    body: bytes

    @property
    def destination(self) -> Field:
        """The header line with the destination."""
        return self.fields[0]

    @property
    def variables(self) -> tuple[tuple[str, str], ...]:
        """The environment variables that it needs, each with what is in it."""
        target = self.target
        password = [(PASSWORD, f"the password of {target.login}" if target.login else "the password")]
        lines = [(each.variable, f"the header {each.name}") for each in (*target.headers, *self.fields)]
        return tuple(each for each in (*(password if target.password else ()), *lines) if each[0])

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the headers of the message whose values are secret."""
        return tuple(each.name for each in self.fields if each.variable)

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names of headers that the message has more than once."""
        names = [each.name for each in self.fields]
        return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))

    def first_of_each(self) -> dict[str, Field]:
        """Header lines by name, for clients that take a name once; the first is the one that counts in STOMP."""
        found: dict[str, Field] = {}
        for each in self.fields:
            found.setdefault(each.name, each)
        return found


def message_of(draft: Draft, target: Target) -> SnippetMessage:
    """What a snippet of a draft says. Reads the file of the body, if there is one.

    Raises:
        NotWritten: It cannot be sent as it is, or is too large.
    """
    written = draft.copy()
    for line in written.headers:
        # A secret that was not kept in the history is asked of the environment as any other.
        line.value = "-" if MASK in line.value and secret_spans(line.name, line.value) else line.value
    error = first_error(problems(written, target.version))
    if error is not None:
        raise NotWritten(error.text)
    try:
        if draft.body_size() > LARGEST:
            raise NotWritten(f"a body of {draft.body_size():,} bytes is too large for a snippet")
        body = draft.body_bytes()
    except OSError as problem:
        raise NotWritten(f"the body cannot be read: {problem.strerror or problem}") from None
    lines = [HeaderLine("destination", draft.destination), *(line for _, line in draft.lines())]
    fields = tuple(_fields(((line.name, line.value) for line in lines), "STOMP_HEADER_"))
    return SnippetMessage(target, fields, draft.receipt, draft.content_length, body)


def _fields(lines: Iterable[tuple[str, str]], prefix: str) -> Iterator[Field]:
    used: set[str] = set()
    for name, value in lines:
        if not secret_spans(name, value):
            yield Field(name, value)
            continue
        base = prefix + (re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_") or "SECRET")
        variable, number = base, 2
        while variable in used:
            variable, number = f"{base}_{number}", number + 1
        used.add(variable)
        yield Field(name, MASK, variable)


def readable(value: str) -> str:
    """A header's name or value as text of whole characters, for clients that take no other bytes."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def as_text(body: bytes) -> str | None:
    """A body as text, None if it is not UTF-8."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def comment(mark: str, lines: Iterable[str]) -> list[str]:
    """Lines as a comment that nothing in them can end, a backslash included: Java reads escapes in comments."""
    safe = ("".join(c if c.isprintable() and c != "\\" else "?" for c in line) for line in lines)
    return [f"{mark} {line}".rstrip() for line in safe]


def about(message: SnippetMessage, needs: str, run: str, client: str, gaps: Iterable[str]) -> list[str]:
    """The lines of the first comment.

    Args:
        message: The message.
        needs: What must be installed.
        run: How the snippet is run.
        client: The client that sends.
        gaps: What of the message the client cannot express.
    """
    lines = [f"Sends one message to {message.destination.value} at {message.target.place}."]
    lines.append(f"Run: {run}    Needs: {needs}")
    lines += [f"Set {name} to {what}." for name, what in message.variables]
    gaps = list(gaps)
    if gaps:
        lines.append(f"What {client} cannot express:")
        lines += [f"- {gap}" for gap in gaps]
    return lines


def gaps_of_a_mapping(message: SnippetMessage) -> Iterator[str]:
    """What is lost where headers are a mapping of texts."""
    for name in message.repeated:
        yield f"the header {name} more than once: only the first is sent, the one that counts"
    for field in message.fields:
        if readable(field.value) != field.value or readable(field.name) != field.name:
            yield f"bytes that are not UTF-8 in the header {readable(field.name)}: sent as U+FFFD"

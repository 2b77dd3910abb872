"""Values of headers, and of the path, that only say where they come from, and are read anew for each session.

    Bearer {{env TOKEN}}                    a variable of the environment
    Bearer {{file ~/token}}                 what stands in a file, without the line end behind it
    Bearer {{command get-token --aud x}}    what a command prints; it is run as it is, by no shell

Only these three are read; any other text in braces is sent as it is. In the path of a WebSocket, as in
`/ws?access_token={{env TOKEN}}`, what was read is escaped as URLs need it.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from stomptui.config.connection import Connection, HeaderLines
from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import read_regular
from stomptui.config.secret_names import Source, has_source, sources_filled, sources_of

LARGEST = 64 << 10
"""Bytes of a value, and of a file or the output of a command that one comes from."""

Run = Callable[[list[str]], bytes]
"""Runs a command, of words, and returns what it printed; raises `SourceError`."""


class SourceError(ValueError):
    """A value cannot be had; the message says why and holds no part of it.

    Args:
        text: The reason, in plain words.
    """

    field = ""
    """The field of `Connection` that the header is in."""


def sources_in(connection: Connection) -> list[str]:
    """What is read or run for it, as it was written: `env TOKEN`, `file ~/token`, `command get-token`."""
    return [f"{found.kind} {found.argument}" for value in _values(connection) for found in sources_of(value)]


def has_sources(connection: Connection) -> bool:
    """Whether a value has to be read before the connection can be used."""
    return any(map(has_source, _values(connection)))


def _values(connection: Connection) -> list[str]:
    values = [value for _, value in (*connection.headers, *connection.ws_headers)]
    return [*values, connection.ws_path] if connection.transport.websocket else values


def filled(connection: Connection, run: Run) -> Connection:
    """The connection with all values read. Blocks.

    Args:
        connection: As it was asked for.
        run: Runs the commands.

    Raises:
        SourceError: A value cannot be had.
    """
    try:
        field = "headers"
        headers = _filled_lines(connection.headers, run)
        field = "ws_headers"
        ws_headers = _filled_lines(connection.ws_headers, run) if connection.transport.websocket else ()
        field = "ws_path"
        path, read = _filled_path(connection.ws_path, run) if connection.transport.websocket else ("/", [])
    except SourceError as error:
        error.field = field
        raise
    return replace(connection, headers=headers, ws_headers=ws_headers, ws_path=path, read=tuple(read))


def _filled_lines(lines: HeaderLines, run: Run) -> HeaderLines:
    return tuple((name, _filled(name, value, run)) for name, value in lines)


def _filled(name: str, value: str, run: Run) -> str:
    return sources_filled(value, lambda source: _value(name, run, source))


def _filled_path(path: str, run: Run) -> tuple[str, list[str]]:
    """The path, and what was read for it."""
    read: list[str] = []

    def fill(source: Source) -> str:
        read.append(_value("path", run, source))
        return quote(read[-1], safe="")

    return sources_filled(path, fill), read


def _value(name: str, run: Run, source: Source) -> str:
    kind, argument = source.kind, source.argument
    where = f"{name}: {kind} {argument}"
    if kind == "env":
        value = os.environ.get(argument)
        if value is None:
            raise SourceError(f"{where}: the environment has no variable of that name")
    else:
        value = _text(where, _file(where, argument) if kind == "file" else _command(where, argument, run))
    value = value.strip()
    if not value:
        raise SourceError(f"{where}: it is empty")
    if any(char in value for char in "\r\n\0"):
        raise SourceError(f"{where}: more than one line, and a header value has one")
    return value


def _text(where: str, data: bytes) -> str:
    if len(data) > LARGEST:
        raise SourceError(f"{where}: more than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{where}: it is not UTF-8") from error


def _file(where: str, path: str) -> bytes:
    try:
        return read_regular(Path(typed_path(path)), LARGEST)
    except OSError as error:
        raise SourceError(f"{where}: it cannot be read: {error.strerror or error}") from error


def _command(where: str, text: str, run: Run) -> bytes:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise SourceError(f"{where}: a quote is not closed") from error
    if not words:
        raise SourceError(f"{where}: it names no command")
    try:
        return run(words)
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error

"""`-H` and `--connect-header`: headers on the command line, which every user of the machine can read."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from stomptui.cli.parser import Parser
from stomptui.config.connection import Connection, HeaderLines
from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import read_regular
from stomptui.config.output import say
from stomptui.config.profiles import Profile
from stomptui.config.secret_names import secret_spans
from stomptui.protocol.clean import clean

LARGEST = 64 << 10
"""Bytes of a file of headers."""
NOTES = """\
headers:
  -H 'x-tenant: a'            a header of the WebSocket handshake; --connect-header is for the CONNECT frame
  -H @FILE                    the headers in a file, one a line; lines that begin with # are left out
  -H 'name: {{env NAME}}'     a value, or a part of it, from the environment
  -H 'name: {{file PATH}}'    what stands in a file
  -H 'name: {{command WORDS}}'  what a command prints; no shell reads it, and it is run anew for each connection

Headers come behind those of the profile, and replace those of the same name. The value of a secret, such as
Authorization or Cookie, is refused as it is: every user of this machine can read a command line.
"""
"""For the notes of a command that connects."""


@dataclass(frozen=True)
class GivenHeaders:
    """The headers of the command line."""

    handshake: HeaderLines = ()
    connect: HeaderLines = ()

    def __bool__(self) -> bool:
        return bool(self.handshake or self.connect)

    def over(self, connection: Connection) -> Connection:
        """The connection with these in place of those of the same names, and the others behind its own."""
        return replace(
            connection,
            headers=_over(connection.headers, self.connect, str),
            ws_headers=_over(connection.ws_headers, self.handshake, str.lower),
        )

    def over_profile(self, profile: Profile) -> Profile:
        """The profile with these over its own; the value of a secret that is given is missing no more."""
        given = {name for name, _ in self.connect} | {name.lower() for name, _ in self.handshake}
        missing = tuple(name for name in profile.secret_headers if name not in given and name.lower() not in given)
        return replace(profile, connection=self.over(profile.connection), secret_headers=missing)


def add_header_options(add: argparse._ArgumentGroup) -> None:
    """Add the options that `read_headers` reads."""
    handshake = "a header of the WebSocket handshake, or @FILE with one a line; may be repeated"
    add.add_argument("-H", "--header", metavar="LINE", action="append", default=[], help=handshake)
    connect = "a header of the CONNECT frame, as -H"
    add.add_argument("--connect-header", metavar="LINE", action="append", default=[], help=connect)


def read_headers(parser: Parser, given: argparse.Namespace) -> GivenHeaders:
    """The headers given. What is wrong with them is said, and ends in status 2.

    Raises:
        SystemExit: They cannot be used.
    """
    return GivenHeaders(
        handshake=_lines(parser, "-H", given.header), connect=_lines(parser, "--connect-header", given.connect_header)
    )


def check_headers(parser: Parser, headers: GivenHeaders, connection: Connection) -> None:
    """Refuse headers of a handshake that there is none of; ends in status 2."""
    if headers.handshake and not connection.transport.websocket:
        parser.refuse("-H is about the handshake of ws:// and wss://; --connect-header adds to the CONNECT frame")


def _lines(parser: Parser, option: str, given: list[str]) -> HeaderLines:
    lines: list[tuple[str, str]] = []
    for text in given:
        if text.startswith("@"):
            lines += _in_file(parser, option, text[1:])
            continue
        name, value = _line(parser, option, text)
        if secret_spans(name, value):
            parser.refuse(
                f"{option}: the value of {clean(name)} is a secret, and every user can read a command line: "
                f"use {option} @FILE or, in its place, {{{{env NAME}}}}, {{{{file PATH}}}} or {{{{command WORDS}}}}"
            )
        lines.append((name, value))
    return tuple(lines)


def _line(parser: Parser, where: str, text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        # It may be a secret alone.
        parser.refuse(f"{where} needs a header such as 'x-tenant: a', or @FILE")
    if any(char in text for char in "\r\n\0"):
        parser.refuse(f"{where}: {clean(name.strip())}: a header has no line break")
    return name.strip(), value.strip()


def _in_file(parser: Parser, option: str, name: str) -> list[tuple[str, str]]:
    path = Path(os.path.abspath(typed_path(name)))
    try:
        text = read_regular(path, LARGEST).decode("utf-8-sig")
        mode = path.stat().st_mode
    except OSError as error:
        parser.refuse(f"{option} @{name} cannot be read: {error.strerror or error}")
    except UnicodeDecodeError:
        parser.refuse(f"{option} @{name} cannot be read: it is not UTF-8")
    found = [
        _line(parser, f"{option} @{name}, line {number}", line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if mode & (stat.S_IRGRP | stat.S_IROTH) and any(secret_spans(*line) for line in found):
        say(f"{name} has a secret, and other users can read it: chmod 600 keeps it private")
    return found


def _over(before: HeaderLines, given: HeaderLines, same: Callable[[str], str]) -> HeaderLines:
    names = {same(name) for name, _ in given}
    return (*(line for line in before if same(line[0]) not in names), *given)

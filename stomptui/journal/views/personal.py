"""Views that a person set up: Protobuf by a descriptor file, and commands of their own. They are made in a thread."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from stomptui.config.files.paths import typed_path
from stomptui.config.files.regular_files import read_regular
from stomptui.journal.body import Content, kind_of_start
from stomptui.journal.formats import SAMPLE
from stomptui.journal.views.command_view import CommandFailed, run_command
from stomptui.journal.views.lines import Lines
from stomptui.journal.views.protobuf_schema import Schema, read_schema
from stomptui.journal.views.protobuf_view import ProtobufLines
from stomptui.journal.views.registry import body_lines

LARGEST_DESCRIPTOR = 16 << 20
"""Bytes of a descriptor file."""


class ViewFailed(Exception):
    """The view shows nothing; the message is a sentence that says why."""


class Approvals(Protocol):
    """Which commands a person agreed to."""

    def allowed(self, profile: str, command: str) -> bool: ...

    def allow(self, profile: str, command: str) -> None: ...


@dataclass(frozen=True)
class PersonalView:
    """A view of one body that takes its time."""

    name: str
    """What a person calls it: its command, or the type of the message."""
    make: Callable[[Callable[[], bool]], Lines]
    """Makes the lines, in a thread; is given whether nobody wants them any more, and raises `ViewFailed`."""
    command: str | None = None
    """The command that is run, None if none is."""


class PersonalViews:
    """The views of one person, and those of the profile in use.

    Args:
        commands: Commands by media type, which may be a pattern.
        approvals: Which of them may be run.
    """

    def __init__(self, commands: Mapping[str, str], approvals: Approvals) -> None:
        self.use_commands(commands)
        self._approvals = approvals
        self._profile = ""
        self._descriptor = ""
        self._messages: Mapping[str, str] = {}
        self._schema: Schema | None = None

    def use_commands(self, commands: Mapping[str, str]) -> None:
        """Other commands show bodies from now on, by media type."""
        self._commands = {pattern.lower(): command for pattern, command in commands.items()}

    def use(self, profile: str, descriptor: str, messages: Mapping[str, str]) -> None:
        """Another profile is in use.

        Args:
            profile: Its name, "" for none.
            descriptor: The path of its descriptor file, "" for none.
            messages: Full names of message types by patterns of destinations.
        """
        self._profile, self._descriptor, self._messages, self._schema = profile, descriptor, messages, None

    def allowed(self, command: str) -> bool:
        """Whether the person agreed to run a command in this profile."""
        return self._approvals.allowed(self._profile, command)

    def allow(self, command: str) -> None:
        """The person agreed to run a command in this profile; raises `OSError` if that cannot be remembered."""
        self._approvals.allow(self._profile, command)

    def view_of(self, content: Content, destination: str) -> PersonalView | None:
        """The view of a body, None if none of these fits.

        Args:
            content: The body.
            destination: Where its message was sent to.
        """
        if content.kind == "empty":
            return None
        data = content.data
        command = _matching(self._commands, content.media_type) if content.media_type else None
        if command is not None:
            return PersonalView(command, lambda cancelled: _by_command(command, data, cancelled), command)
        if not self._descriptor or content.kind in ("json", "xml"):
            return None
        message = self.message_of(destination)
        return PersonalView(message, lambda _: self._by_descriptor(message, data)) if message else None

    def message_of(self, destination: str) -> str:
        """The full name of the type that messages to a destination have in Protobuf, "" if none is known."""
        return (_matching(self._messages, destination) or "") if self._descriptor else ""

    def _by_descriptor(self, message: str, data: bytes) -> Lines:
        schema, name = self.schema_with(message)
        return ProtobufLines(data, schema, name)

    def schema_with(self, message: str) -> tuple[Schema, str]:
        """The types of the descriptor file, and the name that one of them has there. Blocks.

        Raises:
            ViewFailed: There is no such type, or no such file.
        """
        schema = self._schema
        if schema is None:
            path = typed_path(self._descriptor)
            try:
                schema = read_schema(read_regular(path, LARGEST_DESCRIPTOR))
            except OSError as error:
                raise ViewFailed(f"{path} cannot be read: {error.strerror or error}") from error
            except ValueError as error:
                raise ViewFailed(f"{path}: {error}") from error
            self._schema = schema
        name = message.removeprefix(".")
        if name not in schema.messages:
            raise ViewFailed(f"{self._descriptor} has no message {name}")
        return schema, name


def _matching(patterns: Mapping[str, str], text: str) -> str | None:
    """The value of the first pattern that fits a text, None if none does."""
    return next((value for pattern, value in patterns.items() if fnmatchcase(text, pattern)), None)


def _by_command(command: str, data: bytes, cancelled: Callable[[], bool]) -> Lines:
    try:
        text = run_command(shlex.split(command), data, cancelled)
    except CommandFailed as error:
        raise ViewFailed(str(error)) from error
    kind = "text" if not text else kind_of_start(text[:SAMPLE].encode("utf-8", "replace"), "")
    return body_lines(Content(kind, text, b""))[0]

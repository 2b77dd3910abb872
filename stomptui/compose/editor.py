"""Editing a body in the person's own editor ($EDITOR): which one, the file it gets, and what came back."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from stomptui.compose.format import language_of

FALLBACKS = ("sensible-editor", "nano", "vi", "notepad")


class EditorError(RuntimeError):
    """There is no editor, or its file went wrong; the text says which in plain words."""


def editor_command(environment: Mapping[str, str] | None = None) -> list[str]:
    """The command of the editor: $VISUAL, else $EDITOR, else one that most systems have.

    Raises:
        EditorError: The variable cannot be taken apart, or there is no editor.
    """
    environment = os.environ if environment is None else environment
    for name in ("VISUAL", "EDITOR"):
        text = environment.get(name, "").strip()
        if not text:
            continue
        try:
            return shlex.split(text, posix=os.name == "posix")
        except ValueError as error:
            raise EditorError(f"${name} cannot be understood: {error}") from None
    for fallback in FALLBACKS:
        found = shutil.which(fallback, path=environment.get("PATH"))
        if found:
            return [found]
    raise EditorError("set $VISUAL or $EDITOR to your editor")


class BodyFile:
    """A body in a file of its own, in a directory that only its owner can enter; deleted at the end.

        with BodyFile(draft.body, draft.content_type) as file:
            subprocess.run([*editor_command(), str(file.path)])
            body = file.read()          # None: unchanged

    Raises:
        EditorError: The file cannot be written or read.
    """

    def __init__(self, body: str | bytes, content_type: str = "") -> None:
        self._kept = False
        start = body if isinstance(body, str) else ""
        suffix = {"json": ".json", "xml": ".xml"}.get(language_of(content_type, start), ".txt")
        try:
            # Half a character has no bytes: it goes to the editor as a mark that can be seen.
            self._written = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
            self._directory = Path(tempfile.mkdtemp(prefix="stomptui-"))
            self.path = self._directory / f"body{suffix}"
            with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self._written)
        except OSError as error:
            raise EditorError(f"no file for the editor: {error.strerror}") from error

    def __enter__(self) -> BodyFile:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._kept:
            shutil.rmtree(self._directory, ignore_errors=True)

    def keep(self) -> bool:
        """Keep the file, and what the editor put into its directory; returns False if all of it is empty."""
        try:
            self._kept = self.path.stat().st_size > 0 or len(list(self._directory.iterdir())) > 1
        except OSError:
            # The editor may have taken the file away; what it saved instead is not known.
            self._kept = True
        return self._kept

    @property
    def changed(self) -> bool:
        """Whether there is another text in the file than the one it began with."""
        try:
            return self.read() is not None
        except EditorError:
            return False

    def read(self) -> str | bytes | None:
        """The body as it is now: text if it is UTF-8, else bytes; None if the person changed nothing.

        An editor that only adds the line end it wants at the end of a file has changed nothing.
        """
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise EditorError(f"what the editor wrote cannot be read: {error.strerror}") from error
        if data in (self._written, self._written + b"\n", self._written + b"\r\n"):
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data

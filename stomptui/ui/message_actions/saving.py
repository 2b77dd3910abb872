"""Saving bodies and messages to files."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from textual.screen import Screen

from stomptui.config.files.paths import typed_path, write_private
from stomptui.config.files.regular_files import dangling, not_regular, unreachable
from stomptui.protocol.frame import Frame
from stomptui.queues.transfer.file_errors import FileError
from stomptui.queues.transfer.saving import save
from stomptui.ui.dialogs.confirm import ConfirmScreen
from stomptui.ui.dialogs.prompt import PromptScreen
from stomptui.ui.terminal.key_order import WAITED_FOR

ENDINGS = {"json": ".json", "xml": ".xml", "text": ".txt", "empty": ".txt"}
"""How the name of a file with a body of each kind ends; the bytes of other kinds are no text."""


def save_body(screen: Screen[Any], body: bytes, kind: str) -> None:
    """Ask for a path and write the bytes there; a file that exists is overwritten only after a yes.

    Args:
        screen: Where it is asked.
        body: As it travelled.
        kind: Of the body, as of `kind_of`.
    """

    def named(text: str | None) -> None:
        if not text:
            return
        path = typed_path(text)
        _ask(screen, path, lambda: write(path), lambda: write(path))

    def write(path: Path) -> None:
        # A message may hold what others must not read, and what was there is kept until all is written.
        _write(screen, path, lambda: write_private(path, body), f"{len(body):,} bytes saved to {path}")

    example = f"body{ENDINGS.get(kind, '.bin')}"
    screen.app.push_screen(
        PromptScreen("Save the body to", placeholder=f"for example {example}", check=_problem, path=True), named
    )


def save_messages(screen: Screen[Any], frames: Sequence[Frame], as_sent: Callable[[str], str]) -> None:
    """Ask for a path and write the messages there as JSON Lines; a file that exists is overwritten only after a yes.

    Args:
        screen: Where it is asked.
        frames: The messages.
        as_sent: What SEND calls a destination that a MESSAGE names.
    """

    count = f"{len(frames):,} messages" if len(frames) != 1 else "1 message"

    def named(text: str | None) -> None:
        if not text:
            return
        path = typed_path(text)
        _ask(screen, path, lambda: write(path, True), lambda: write(path, False))

    def write(path: Path, overwrite: bool) -> None:
        there = partial(save, path, frames, overwrite=overwrite, as_sent=as_sent)
        _write(screen, path, there, f"{count} saved to {path}")

    if not frames:
        screen.notify("Select a message first.", severity="warning")
        return
    question = f"Save {count} as JSON Lines to"
    screen.app.push_screen(
        PromptScreen(question, placeholder="for example messages.jsonl", check=_problem, path=True), named
    )


def _write(screen: Screen[Any], path: Path, write: Callable[[], object], done: str) -> None:
    """Write a file in a thread, since a disk may take its time, and say what came of it."""

    # The app's, so that it shows also when this screen is left.
    app = screen.app

    async def writing() -> None:
        try:
            await asyncio.to_thread(write)
        except FileError as error:
            app.notify(str(error), title="Not saved", severity="error", markup=False)
        except OSError as error:
            app.notify(f"{path}: {error.strerror or error}", title="Not saved", severity="error", markup=False)
        else:
            app.notify(done, markup=False)

    app.run_worker(writing(), f"saving {path.name}")


def _ask(screen: Screen[Any], path: Path, agreed: Callable[[], None], new: Callable[[], None]) -> None:
    """Find out what is at a path, in a thread, and ask before it is written to.

    Args:
        screen: Where it is asked.
        path: The path.
        agreed: Called after a yes.
        new: Called if nothing is there.
    """
    app = screen.app

    async def asking() -> None:
        if question := await asyncio.to_thread(_question, path):
            app.push_screen(ConfirmScreen(*question, no="Cancel", danger=True), lambda yes: agreed() if yes else None)
        else:
            new()

    app.run_worker(asking(), f"checking {path.name}", group=WAITED_FOR)


def _question(path: Path) -> tuple[str, str] | None:
    """What to ask before a file is written there, and what its yes is called; None for a new one."""
    if (target := dangling(path)) is not None:
        return f"{path} is a link to {target}, which does not exist. Create it?", "Create"
    if os.path.islink(path):
        return f"{path} is a link to {os.path.realpath(path)}. Overwrite that file?", "Overwrite"
    if os.path.exists(path):
        return f"{path} already exists. Overwrite it?", "Overwrite"
    return None


def _problem(text: str) -> str:
    if not text.strip():
        return "a file name is needed"
    if "\0" in text:
        return "a file name cannot contain a NUL"
    path = typed_path(text)
    if problem := unreachable(path):
        return problem
    if os.path.isdir(path):
        return "this is a directory"
    if kind := not_regular(path):
        return kind
    if (target := dangling(path)) is not None and not os.path.isdir(target.parent):
        return f"it is a link to {target}, and there is no directory {target.parent}"
    return "" if os.path.isdir(path.parent) else f"there is no directory {path.parent}"

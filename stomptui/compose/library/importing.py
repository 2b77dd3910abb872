"""Saved messages from a file of messages, as drain and refill have them, and back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stomptui.compose.draft import Draft, from_frame
from stomptui.compose.library.library import Library
from stomptui.compose.library.message_file import left_out
from stomptui.compose.library.saved_message import LibraryError, SavedMessage
from stomptui.config.files.regular_files import open_regular
from stomptui.config.secret_names import MASK
from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import FileMessage, JsonlError, lines

MOST = 1000
"""Messages that are taken from a file: more than these nobody names."""


@dataclass(frozen=True)
class Imported:
    """What came of it.

    Args:
        folder: Where the messages are now.
        count: How many.
        problems: What was left out, and why.
        secrets: Names of headers whose secrets were not saved.
    """

    folder: str
    count: int
    problems: Sequence[str] = ()
    secrets: Sequence[str] = ()


def import_messages(library: Library, path: Path) -> Imported:
    """Save each message of a JSON Lines file, in a folder that is called as the file is. Blocks.

    What stands in them as `{{…}}` stays as it is: their variables are switched off.

    Raises:
        OSError: The file cannot be read.
        LibraryError: Nothing can be saved.
    """
    folder, count = path.stem, 0
    problems: list[str] = []
    secrets: dict[str, None] = {}
    with os.fdopen(open_regular(path), "rb") as file:
        for line in lines(file):
            if count == MOST:
                problems.append(f"only the first {MOST:,} messages are taken")
                break
            try:
                draft = _draft(line.message())
                last = draft.destination.rstrip("/").rpartition("/")[2]
                library.save(SavedMessage(f"{last or 'message'} {count + 1}", draft, folder))
            except JsonlError as error:
                problems.append(str(error))
            except LibraryError as error:
                problems.append(f"line {line.number}: {error}")
            else:
                count += 1
                secrets.update(dict.fromkeys(left_out(draft)))
    return Imported(folder, count, problems, list(secrets))


def frames_of(library: Library, paths: Iterable[Path]) -> list[Frame]:
    """Saved messages as frames for a file that refill takes; blocks.

    Header lines that are switched off, or whose values are secret and so not known, are left out. Variables stay as
    they are.

    Raises:
        LibraryError, OSError, ValueError: One of them cannot be read.
    """
    frames = []
    for path in paths:
        draft = library.open(path).draft
        headers = [(line.name, line.value) for _, line in draft.lines() if MASK not in line.value]
        message = FileMessage(draft.destination, (("destination", draft.destination), *headers), draft.body_bytes())
        frames.append(message.frame())
    return frames


def _draft(message: FileMessage) -> Draft:
    draft = from_frame(message.frame())
    draft.destination = message.destination or draft.destination
    draft.receipt = draft.content_length = True
    return draft

"""Saving messages to a file of their own, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import JsonlError, to_line
from stomptui.queues.transfer.file_errors import FileError, reason
from stomptui.queues.transfer.message_file import MessageFile, sync_folder


def save(
    path: Path,
    frames: Iterable[Frame],
    destination: str = "",
    overwrite: bool = False,
    as_sent: Callable[[str], str] = str,
) -> int:
    """Write messages to a file of their own, whole or not at all.

    Args:
        path: The file.
        frames: The messages, in order.
        destination: Where a refill sends them; where each says itself by default.
        overwrite: Whether a file that is there may be replaced.
        as_sent: What SEND calls a destination that a MESSAGE names.

    Returns:
        Its size in bytes.

    Raises:
        FileError: It could not be done; a file that was there is as it was.
    """
    # A link is followed only where what is there may be replaced.
    target = Path(os.path.realpath(path)) if overwrite else path
    if overwrite and os.path.exists(target) and not os.path.isfile(target):
        raise FileError(f"{path} is no file on a disk")
    place = target.with_name(f".{target.name}.{os.getpid()}") if overwrite else target
    file = MessageFile(place)
    try:
        for frame in frames:
            named = frame.get("destination") or ""
            file.write(to_line(frame, destination or (as_sent(named) if frame.command == "MESSAGE" else named)))
        file.sync()
        if overwrite:
            os.replace(place, target)
            sync_folder(target.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            place.unlink()
        if isinstance(error, OSError):
            raise FileError(f"{path} cannot be written: {reason(error)}") from error
        if isinstance(error, JsonlError):
            raise FileError(str(error)) from error
        raise
    finally:
        file.close()
    return file.size

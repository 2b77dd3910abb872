"""Where the messages of a file go, found out before the first is sent: risks there need a yes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from stomptui.connection.blocking_client import ClientError
from stomptui.protocol import jsonl
from stomptui.protocol.frame import Frame
from stomptui.protocol.jsonl import JsonlError
from stomptui.queues.actions.action import PreparedMessage
from stomptui.queues.headers.carrying import AGAIN
from stomptui.queues.transfer.opening import open_messages

SCHEDULED = b"AMQ_SCHEDULED_"
"""What a line holds that has a schedule for ActiveMQ."""
_KINDS = 20
"""Different schedules that are named."""


class NeedsYes(ClientError):
    """Nothing was done: messages may be lost by it, and nobody agreed to that.

    Args:
        risks: What may become of messages, each in a sentence.
        nothing: What was not done.
    """

    def __init__(self, risks: tuple[str, ...], nothing: str = "nothing was sent") -> None:
        super().__init__(f"{nothing}, it was not agreed to: {' '.join(risks)}")
        self.risks = risks


def destinations(path: Path, wanted: range, most: int, stopped: Callable[[], str | None]) -> Iterator[str]:
    """The first so many places that those lines of a file name, each once; none of what can be read only once.

    Raises:
        FileError: The file cannot be read.
    """
    if not os.path.isfile(path):
        return
    seen: set[str] = set()
    file, _ = open_messages(path)
    with file:
        for item in jsonl.lines(file):
            if stopped() or len(seen) >= most or item.number >= wanted.stop:
                return
            name = _destination(item) if item.number in wanted else ""
            if name and name not in seen:
                seen.add(name)
                yield name


def multiplied(
    path: Path, wanted: range, carry: Callable[[Frame], PreparedMessage], stopped: Callable[[], str | None]
) -> list[str]:
    """What is to be said of those lines of a file of which the broker makes several messages each.

    Raises:
        FileError: The file cannot be read.
    """
    if not os.path.isfile(path):
        return []
    found: dict[str, list[int]] = {}
    file, _ = open_messages(path)
    with file:
        for item in jsonl.lines(file):
            if stopped() or item.number >= wanted.stop or len(found) >= _KINDS:
                break
            if item.number in wanted and SCHEDULED in item.raw:
                for text in _again(item, carry):
                    found.setdefault(text, []).append(item.number)
    return [f"{_lines(numbers)}: {text}." for text, numbers in found.items()]


def _again(item: jsonl.MessageLine, carry: Callable[[Frame], PreparedMessage]) -> list[str]:
    try:
        carried = carry(item.message().frame())
    except (JsonlError, ValueError):
        return []
    return [] if carried.problem else [change.text for change in carried.changed if change.title == AGAIN]


def _lines(numbers: list[int]) -> str:
    return f"line {numbers[0]}" + (f", and {len(numbers) - 1:,} more" if len(numbers) > 1 else "")


def _destination(item: jsonl.MessageLine) -> str:
    try:
        return item.message().destination
    except JsonlError:
        return ""  # it fails when it is its turn

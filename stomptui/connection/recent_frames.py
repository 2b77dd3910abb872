"""The frames sent last on one connection, for the question which of them the server has ended it for."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from stomptui.connection.ending import WATCHED, SentFrame

REMEMBERED = 32
"""Frames that are remembered, SUBSCRIBEs aside, of which there are few."""


@dataclass
class _Recent:
    command: str
    receipt: str
    subscription: str
    destination: str
    at: float
    """`time.monotonic()` when it was sent."""


class RecentFrames:
    """Not thread-safe: `ServerAnswers` guards it."""

    def __init__(self) -> None:
        self._frames: deque[_Recent] = deque(maxlen=REMEMBERED)
        self._subscribes: dict[str, _Recent] = {}

    def sent(self, command: str, receipt: str, subscription: str, destination: str) -> None:
        """Note a frame that is about to be sent."""
        frame = _Recent(command, receipt, subscription, destination, time.monotonic())
        if command == "SUBSCRIBE":
            self._subscribes[subscription] = frame
        elif command == "UNSUBSCRIBE":
            self._subscribes.pop(subscription, None)
        elif command != "CONNECT":
            self._frames.append(frame)

    def answered(self, receipt: str) -> None:
        """A RECEIPT came."""
        for frame in (*self._frames, *self._subscribes.values()):
            if frame.receipt == receipt:
                frame.at = float("-inf")

    def unanswered(self, at: float) -> tuple[SentFrame, ...]:
        """What was sent in the last seconds before `at` (`time.monotonic()`) and was not answered, oldest first."""
        frames = sorted((*self._frames, *self._subscribes.values()), key=lambda frame: frame.at)
        return tuple(
            SentFrame(frame.command, at - frame.at, frame.subscription, frame.destination)
            for frame in frames
            if 0 <= at - frame.at <= WATCHED
        )

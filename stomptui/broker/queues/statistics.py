"""Asking ActiveMQ Classic about one queue without touching it, where the statistics plugin is there to answer.

https://activemq.apache.org/components/classic/documentation/statisticsplugin says what is asked and answered here.
"""

from __future__ import annotations

import html
import re
import time

from stomptui.broker.events import BrokerError, Event, Lost
from stomptui.broker.line import Line, LineError
from stomptui.broker.queues.base import Room
from stomptui.protocol.frame import Frame

PROBE = 1.0
"""Seconds for the plugin to show that it is there: without it nothing ever comes."""
PREFIX = "ActiveMQ.Statistics."
"""The beginning of names that are questions where the plugin is there."""
_REPLY = "/temp-queue/stomptui.check"
_NAME = re.compile(rb"<string>destinationName</string>\s*<string>([^<]*)</string>")
_SIZE = re.compile(rb"<string>size</string>\s*<long>(\d+)</long>")


class Statistics:
    """What a broker says of its queues; not asked again once it did not answer.

    Args:
        room: Where connections come from.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self.silent = False
        """Whether it does not answer."""
        self.version = ""
        """The STOMP version spoken when it was asked last, "" before."""

    def depth(self, name: str) -> tuple[bool | None, int | None]:
        """Whether a queue exists, and how many messages are in it; None for what is not known.

        Raises:
            LineError: There was no connection to be had.
        """
        if self.silent:
            return None, None
        line = self._room.dial("checking the queue", quiet=True)
        self.version = line.version
        try:
            return self._ask(line, name)
        except LineError:
            self.silent = True
            return None, None
        finally:
            line.drop()

    def _ask(self, line: Line, name: str) -> tuple[bool | None, int | None]:
        line.ask("SUBSCRIBE", [("id", "check"), ("destination", _REPLY), ("ack", "auto")])
        # Without the plugin a queue would be made of the question, of a topic nothing stays.
        self._question(line, "/topic/", "Broker", "probe")
        if self._until(line, "probe") is None:
            self.silent = True
            return None, None
        self._question(line, "/queue/", f"Destination.{name}", "queue")
        # Answers come in order, so after this one none is to come about the queue.
        self._question(line, "/topic/", "Broker", "end")
        frames = self._until(line, "end")
        if frames is None:
            return None, None
        for frame in frames:
            # Queues whose names hold wildcards are answered for too.
            found, size = _NAME.search(frame.body), _SIZE.search(frame.body)
            if found is not None and html.unescape(found[1].decode("utf-8", "replace")) == f"queue://{name}":
                return True, int(size[1]) if size is not None else None
        return False, None

    @staticmethod
    def _question(line: Line, kind: str, what: str, mark: str) -> None:
        destination = f"{kind}{PREFIX}{what}"
        line.send("SEND", [("destination", destination), ("reply-to", _REPLY), ("correlation-id", mark)])

    @staticmethod
    def _until(line: Line, mark: str) -> list[Frame] | None:
        """The answers up to the one with that mark; None if it does not come."""
        found: list[Frame] = []
        aside: list[Event] = []
        deadline = time.monotonic() + PROBE
        try:
            while (left := deadline - time.monotonic()) > 0:
                event = line.mailbox.get(left)
                if event is None:
                    continue
                if event.session != line.number:
                    aside.append(event)
                elif isinstance(event, (BrokerError, Lost)):
                    return None
                for frame in line.frames(event):
                    if frame.get("correlation-id") == mark:
                        return found
                    found.append(frame)
            return None
        finally:
            line.mailbox.put_back(aside)

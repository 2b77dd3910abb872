"""Asking ActiveMQ Classic about one queue without touching it, where the statistics plugin is there to answer.

https://activemq.apache.org/components/classic/documentation/statisticsplugin says what is asked and answered here.
"""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Sequence
from typing import Any

from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.events import BrokerError, Event, Lost
from stomptui.protocol.frame import Frame
from stomptui.protocol.numbers import whole_number
from stomptui.queues.access_context import AccessContext

PROBE = 1.0
"""Seconds for the plugin to show that it is there: without it nothing ever comes."""
BUSY = 15.0
"""The same once it has shown that: a broker that has just shown thousands of messages takes its time."""
PREFIX = "ActiveMQ.Statistics."
"""The beginning of names that are questions where the plugin is there."""
FIRST_MESSAGE = f"{PREFIX}Destination.Include.First.Message.Timestamp"
"""A header that asks when the first message of a queue came; brokers before 5.18 take no notice of it."""
_REPLY = "/temp-queue/stomptui.check"
_ENTRY = re.compile(r"<entry>\s*<string>([^<]*)</string>\s*<(\w+)>([^<]*)</\2>\s*</entry>")


class Statistics:
    """What a broker says of its queues; not asked again once it did not answer.

    Args:
        context: Where connections come from.
    """

    def __init__(self, context: AccessContext) -> None:
        self._context = context
        self.silent = False
        """Whether it does not answer."""
        self._answered = False
        """Whether it has answered before."""
        self.version = ""
        """The STOMP version spoken when it was asked last, "" before."""

    def depth(self, name: str) -> tuple[bool | None, int | None]:
        """Whether a queue exists, and how many messages are in it; None for what is not known.

        Raises:
            ClientError: There was no connection to be had.
        """
        exists, numbers = self.numbers(name)
        return exists, whole(numbers, "size")

    def numbers(self, name: str) -> tuple[bool | None, dict[str, Any]]:
        """Whether a queue exists, and what the plugin says of it: `size`, `consumerCount`, ...; raises as `depth`."""
        if self.silent:
            return None, {}
        client = self._context.dial("checking the queue", quiet=True)
        self.version = client.version
        try:
            return self._ask(client, name)
        except ClientError:
            self.silent = not self._answered
            return None, {}
        finally:
            client.drop()

    def _ask(self, client: BlockingClient, name: str) -> tuple[bool | None, dict[str, Any]]:
        client.ask("SUBSCRIBE", [("id", "check"), ("destination", _REPLY), ("ack", "auto")])
        # Without the plugin a queue would be made of the question, of a topic nothing stays.
        question(client, _REPLY, "/topic/", "Broker", "probe")
        if self._until(client, "probe") is None:
            self.silent = not self._answered
            return None, {}
        self._answered = True
        question(client, _REPLY, "/queue/", f"Destination.{name}", "queue")
        # Answers come in order, so after this one none is to come about the queue.
        question(client, _REPLY, "/topic/", "Broker", "end")
        frames = self._until(client, "end")
        if frames is None:
            return None, {}
        for frame in frames:
            # Queues whose names hold wildcards are answered for too.
            numbers = entries(frame.body)
            if numbers.get("destinationName") == f"queue://{name}":
                return True, numbers
        return False, {}

    def _until(self, client: BlockingClient, mark: str) -> list[Frame] | None:
        """The answers up to the one with that mark; None if it does not come."""
        found: list[Frame] = []
        aside: list[Event] = []
        deadline = time.monotonic() + (BUSY if self._answered else PROBE)
        try:
            while (left := deadline - time.monotonic()) > 0:
                event = client.event_queue.get(left)
                if event is None:
                    continue
                if event.session != client.number:
                    aside.append(event)
                elif isinstance(event, (BrokerError, Lost)):
                    return None
                for frame in client.frames(event):
                    if frame.get("correlation-id") == mark:
                        return found
                    found.append(frame)
            return None
        finally:
            client.event_queue.put_back(aside)


def whole(numbers: dict[str, Any], name: str) -> int | None:
    return whole_number(str(numbers.get(name, "")))


def question(
    client: BlockingClient, reply: str, kind: str, what: str, mark: str, more: Sequence[tuple[str, str]] = ()
) -> None:
    """Ask the plugin.

    Args:
        client: Who asks.
        reply: Where the answer goes.
        kind: "/queue/" or "/topic/": which of them are asked about.
        what: "Broker" or "Destination." with a name, in which wildcards work.
        mark: Comes back as `correlation-id`.
        more: Further headers, which ask for more than is usual.
    """
    where = f"{kind}{PREFIX}{what}"
    client.send("SEND", [("destination", where), ("reply-to", reply), ("correlation-id", mark), *more])


def entries(body: bytes) -> dict[str, Any]:
    """The entries of a map message, as XStream writes it in XML or in JSON; {} if it is none."""
    text = body.decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        return _json_entries(text)
    return {html.unescape(name): html.unescape(value) for name, _, value in _ENTRY.findall(text)}


def _json_entries(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        told = json.loads(text)["map"]["entry"]
        for entry in told if isinstance(told, list) else [told]:
            key = entry["string"]
            if isinstance(key, list):
                found[key[0]] = key[1]
            else:
                found[key] = next(value for kind, value in entry.items() if kind != "string")
    except (ValueError, KeyError, TypeError, IndexError, StopIteration, RecursionError):
        return found
    return found

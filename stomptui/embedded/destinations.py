"""Parsing destinations: the kinds of RabbitMQ (/queue/, /topic/, /amq/queue/ ...), and topic patterns."""

from __future__ import annotations

import re
from typing import NamedTuple

from stomptui.embedded.refused import FrameRefused

KINDS = ("/temp-queue", "/exchange", "/topic", "/queue", "/amq/queue", "/reply-queue")


class ServerDestination(NamedTuple):
    """A destination, parsed."""

    kind: str
    """One of `KINDS`, "/exchange" for an exchange that does not exist; or "/broker" for a question to the broker."""
    name: str


def parse(destination: str | None, command: str) -> ServerDestination:
    """Parse the destination of a SEND or SUBSCRIBE.

    `/queue/NAME` declares the queue, `/amq/queue/NAME` does not; a bare `NAME` is `/queue/NAME`;
    `/exchange/amq.topic/KEY` is `/topic/KEY`. A SEND to `/broker/NAME` is a question, answered to its reply-to.

    Raises:
        FrameRefused: It is missing, unknown or malformed.
    """
    if destination is None:
        raise FrameRefused("Missing destination", f"\"{command}\" must include a 'destination' header\n")
    if not destination:
        raise FrameRefused("Invalid destination", "Destination cannot be blank")
    if "/" not in destination:
        return ServerDestination("/queue", destination)
    if command == "SEND" and destination.startswith("/broker/"):
        return ServerDestination("/broker", destination[len("/broker/") :])
    for kind in KINDS:
        if destination == kind or destination.startswith(kind + "/"):
            rest = destination[len(kind) :]
            break
    else:
        raise FrameRefused(
            "Unknown destination",
            f"'{destination}' is not a valid destination.\nValid destination types are: {', '.join(KINDS)}/.\n",
        )
    if kind == "/exchange":
        exchange, _, key = rest[1:].partition("/")
        if not exchange or "/" in key:
            raise FrameRefused("Invalid destination", f"'{rest}' is not a valid exchange destination\n")
        return ServerDestination("/topic", key or "#") if exchange == "amq.topic" else ServerDestination(kind, exchange)
    name = rest[1:]
    if not name or ("/" in name and kind not in ("/temp-queue", "/reply-queue")):
        raise FrameRefused(
            "Invalid destination", f"'{rest}' is not a valid {kind[1:].replace('amq/', 'amq')} destination\n"
        )
    if kind == "/temp-queue":
        raise FrameRefused("Invalid destination", f"'{destination}' is not a valid destination for '{command}'\n")
    return ServerDestination(kind, name)


def pattern(key: str) -> re.Pattern[str]:
    """Compile the key of a topic subscription.

    `*` stands for one word between dots, `#` (RabbitMQ's) or `>` (ActiveMQ's) for any number of words, none included.
    """
    out = ""
    for word in key.split("."):
        if word in ("#", ">"):
            out += r"(\.[^.]*)*"
        elif word == "*":
            out += r"\.[^.]+"
        else:
            out += r"\." + re.escape(word)
    return re.compile(out)


def matches(compiled: re.Pattern[str], key: str) -> bool:
    """Whether the key that a message was sent to matches a compiled `pattern`."""
    return compiled.fullmatch("." + key) is not None

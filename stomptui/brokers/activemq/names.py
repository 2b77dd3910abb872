"""ActiveMQ's destinations: which of them name a single queue."""

from __future__ import annotations

from stomptui.protocol.names import shown

TOPICS = ("/topic/", "/temp-topic/", "/remote-temp-topic/")
_TEMPORARY_QUEUES = ("/temp-queue/", "/remote-temp-queue/")


def queue_name(destination: str) -> str:
    """The name of the one queue that a destination means; "" if it means none, or several."""
    if destination.startswith((*TOPICS, *_TEMPORARY_QUEUES)):
        return ""
    name = destination.removeprefix("/queue/")
    # What follows a question mark are options to ActiveMQ, and no part of a name.
    return "" if _is_several(name) or "?" in name else name


def no_queue(destination: str) -> str:
    """Why a destination without a name for `queue_name` is none that can be peeked into, or moved to."""
    if destination.startswith(TOPICS):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    if destination.startswith(_TEMPORARY_QUEUES):
        return "a temporary queue belongs to the connection that made it: it cannot be peeked at"
    if _is_several(destination.removeprefix("/queue/")):
        return f"{shown(destination)} stands for several queues: name one"
    return f"{shown(destination)} is not the name of a queue: /queue/NAME"


def _is_several(name: str) -> bool:
    return "," in name or any(part in ("*", ">") for part in name.split("."))

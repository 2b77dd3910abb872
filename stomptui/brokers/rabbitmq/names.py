"""RabbitMQ's destinations: which queue or exchange each of them means, and what cannot be said of names."""

from __future__ import annotations

from stomptui.protocol.names import shown

_READ = ("/queue/", "/amq/queue/")


def queue_name(destination: str) -> str:
    """The name of the queue that a destination means, percent-encoded as there; "" if it means none."""
    for prefix in _READ:
        if destination.startswith(prefix):
            name = destination[len(prefix) :]
            return "" if "/" in name else name
    return "" if "/" in destination else destination


def exchange_named(destination: str) -> tuple[str, str]:
    """The exchange that a destination means, and its routing key; "" for both if it means none by its name."""
    kind, _, rest = destination.removeprefix("/").partition("/")
    name, _, key = ("amq.topic", "", rest) if kind == "topic" else rest.partition("/")
    known = destination.startswith(("/topic/", "/exchange/")) and name
    return (name.replace("%2F", "/"), key.replace("%2F", "/")) if known else ("", "")


def encoded(name: str) -> str:
    """A queue's name as destinations have it: RabbitMQ decodes %2F there, and nothing else."""
    return name.replace("/", "%2F")


def decoded(name: str) -> str:
    """A queue's own name, of the one that destinations have."""
    return name.replace("%2F", "/")


def is_unnamed(name: str) -> bool:
    """Whether STOMP has no name for a queue: what is written %2F in it would be read as a slash."""
    return "%2F" in name


def is_unsayable(name: str) -> bool:
    """Whether RabbitMQ 4.3 cannot put a queue's name into an ERROR: it closes the connection instead, which tells
    neither that the queue is there nor that it is not."""
    return any(ord(char) > 0xFF for char in name)


def why_unknown(name: str) -> str:
    """Why it is not known whether a queue exists, in words that follow on "cannot be found out"."""
    if is_unsayable(name):
        return "(RabbitMQ says nothing of a name with such characters)"
    return "by this user"


def no_queue(destination: str) -> str:
    """Why a destination is not a queue that can be peeked into."""
    if destination.startswith(("/topic/", "/exchange/")):
        return "what is sent there is not kept anywhere: subscribe to see what comes"
    return f"{shown(destination)} is not the name of a queue: /queue/NAME"

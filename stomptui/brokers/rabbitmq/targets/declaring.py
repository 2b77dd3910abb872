"""Finding out the type and arguments of a RabbitMQ queue by a deliberately invalid declare.

A SEND to /queue/NAME declares the queue first (https://www.rabbitmq.com/docs/stomp). The answer to one with a negative
x-max-priority, which no queue has and none can get, names what it disagrees with: the queue there is, or itself.
Verified on 3.10, 4.0 and 4.3, whatever the default queue type of the virtual host.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace

from stomptui.brokers.rabbitmq.targets.target_limits import RabbitMQQueueSettings
from stomptui.connection.blocking_client import RequestRefused
from stomptui.protocol.numbers import signed_number
from stomptui.queues.access_context import AccessContext

PROBES = 12
"""Declarations tried to find out the type of a queue that has arguments, each on a connection of its own."""
TRIES = 5
"""Times that one of them is tried until the answer is about it."""
_INEQUIVALENT = re.compile(
    r"inequivalent arg '(?P<name>[^']+)' for queue .*?: received .*? but current is "
    r"(?:the value )?(?:'(?P<value>[^']*)'|none)"
)


@dataclass(frozen=True)
class DeclareAnswers:
    """What the broker's answers to impossible declarations tell of a queue."""

    exists: bool | None
    """None if this user may not ask."""
    kind: str = ""
    """"classic", "quorum" or "stream", "" if that stays unknown."""
    settings: RabbitMQQueueSettings = field(default_factory=RabbitMQQueueSettings)
    """What was heard; there may be more."""
    whole: bool = False
    """Whether all was heard that decides how long messages are kept, but for policies."""


def probe(context: AccessContext, name: str) -> tuple[bool | None, str]:
    """Whether a queue exists, and its type; arguments, values and errors as of `hear`."""
    heard = hear(context, name)
    return heard.exists, heard.kind


def hear(context: AccessContext, name: str) -> DeclareAnswers:
    """Whether a queue exists, its type, and what else is told of it.

    Args:
        context: Where connections come from; the broker closes each that asks.
        name: The queue, percent-encoded as in destinations.

    Raises:
        ClientError: The broker could not be asked.
    """
    known: dict[str, str] = {}
    heard = RabbitMQQueueSettings()
    for _ in range(PROBES):
        text = _declare(context, name, known)
        match = _INEQUIVALENT.search(text)
        if match is None and "RESOURCE_LOCKED" in text:
            return DeclareAnswers(True, "", replace(heard, exclusive=True, durable=False))
        if match is None:
            return DeclareAnswers(_existence(text))
        argument, value = match["name"], match["value"]
        if argument == "x-queue-type":
            kind = value or "classic"
            # How long a stream keeps its messages comes after its type.
            return DeclareAnswers(True, kind, replace(heard, kind=kind), kind != "stream")
        if argument == "x-max-priority":
            # The others have no priority. What a classic queue does at its limit comes after it.
            return DeclareAnswers(True, "classic", replace(heard, kind="classic"), True)
        if argument in known:
            break
        if argument == "durable":
            # Without these a queue that is not durable would be asked for as one that is auto-delete and exclusive.
            known |= {"durable": "false", "exclusive": "false", "auto-delete": "false"}
            heard = replace(heard, durable=False)
        elif argument == "auto_delete" and not heard.auto_delete:
            known["auto-delete"] = "true"
            heard = replace(heard, auto_delete=True)
        elif value is None or argument in ("auto_delete", "exclusive"):
            break
        else:
            # It has an argument that we did not name: name it, and hear of the next difference.
            known[argument] = value
            heard = replace(heard, arguments={**heard.arguments, argument.removeprefix("x-"): value})
    # No other type can be one that does not survive a restart.
    return DeclareAnswers(True, "" if heard.durable else "classic", heard)


def delivery_limit(context: AccessContext, name: str) -> tuple[bool, int | None]:
    """The argument x-delivery-limit of a quorum queue that is there; what policies say does not show.

    Returns:
        (True, the limit), (True, None) if it has no such argument, (False, None) if that was not found out.

    Raises:
        ClientError: The broker could not be asked.
    """
    # Of a quorum queue the priority is looked at only when it is made. A TTL that no queue has is the last difference
    # named, after the limit, and keeps the declaration from being carried out.
    known = {"x-queue-type": "quorum", "x-message-ttl": str(random.randrange(1 << 30, 1 << 31))}
    for _ in range(PROBES):
        match = _INEQUIVALENT.search(_declare(context, name, known))
        if match is None:
            break
        argument, value = match["name"], match["value"]
        if argument == "x-message-ttl":
            return True, None
        if argument == "x-delivery-limit" and (limit := signed_number(value or "")) is not None:
            return True, limit
        if value is None or argument in known:
            break
        known[argument] = value
    return False, None


def exists(context: AccessContext, name: str) -> bool | None:
    """Whether a queue exists, by one question; arguments, None and errors as of `probe`."""
    return _existence(_declare(context, name, {}))


def declare(context: AccessContext, name: str) -> None:
    """Make a queue as nothing but its name says: durable, shared, of the default type, without arguments.

    A SEND declares its queue at once also in a transaction, which then ends without the message being sent: nothing is
    consumed, and nothing else is left behind. A queue of that name that is there already is left alone.

    Raises:
        ClientError: The broker said no, or could not be asked.
    """
    client = context.dial("making the queue")
    transaction = ("transaction", "declare")
    try:
        client.ask("BEGIN", [transaction])
        client.send("SEND", [("destination", f"/queue/{name}"), transaction])
        client.ask("ABORT", [transaction])
    finally:
        client.close()


def _existence(text: str) -> bool | None:
    """What an answer to the declaration says of the queue."""
    if "RESOURCE_LOCKED" in text or _INEQUIVALENT.search(text):
        return True
    return False if "invalid arg" in text else None


def _declare(context: AccessContext, name: str, known: dict[str, str]) -> str:
    """What the broker says to the impossible declaration with these other arguments."""
    text = ""
    for _ in range(TRIES):
        text = _try_to_declare(context, name, known)
        # RabbitMQ 4.3 sometimes complains of the receipt in place of the declaration that ended its channel.
        if "Processing error" not in text or "PRECONDITION_FAILED" in text or "RESOURCE_LOCKED" in text:
            break
    return text


def _try_to_declare(context: AccessContext, name: str, known: dict[str, str]) -> str:
    client = context.dial("checking the queue", quiet=True)
    try:
        if not client.session.server.startswith("RabbitMQ/"):
            # It is only called RabbitMQ by the person: another broker would put the question into the queue.
            return ""
        arguments = {"x-queue-type": "classic", **known, "x-max-priority": "-1"}
        # Should the frame be taken after all, what it sends is gone at once.
        client.ask("SEND", [("destination", f"/queue/{name}"), *arguments.items(), ("expiration", "0")])
    except RequestRefused as error:
        return f"{error.server_text}\n{error}"
    finally:
        client.drop()
    return ""

"""Finding out whether a RabbitMQ queue is a stream, by a subscription that only a stream accepts.

Who may not declare may still read. Only a stream takes `x-stream-offset`; every other queue refuses the subscription
for it, before anything is delivered. A stream is read from its end for a moment, which nothing notices. Verified on
3.10, 4.0 and 4.3.
"""

from __future__ import annotations

import re
from enum import Enum

from stomptui.connection.blocking_client import ClientError, NoAnswer, RequestRefused, Stopped
from stomptui.queues.access_context import AccessContext

_DOWN = re.compile(
    "down or inaccessible|stopped by supervisor|failed to restart|due to timeout|does not have a running replica"
)


class StreamCheck(Enum):
    """What is known of a queue."""

    STREAM = "stream"
    OTHER = "other"
    """It is there, and no stream."""
    MISSING = "missing"
    EXCLUSIVE = "exclusive"
    """Another connection has it for itself."""
    DENIED = "denied"
    """This user may not read from it."""
    DOWN = "down"
    """It is there, and nobody serves it."""
    UNKNOWN = "unknown"


def read(context: AccessContext, name: str) -> tuple[StreamCheck, str]:
    """What a reader is told of a queue, and the broker's own words.

    Args:
        context: Where connections come from; the broker closes the one that asks.
        name: The queue, percent-encoded as in destinations.

    Raises:
        ClientError: There was no connection to be had.
    """
    client = context.dial("checking the queue", quiet=True)
    try:
        offset = (("ack", "client-individual"), ("prefetch-count", "1"), ("x-stream-offset", "next"))
        client.ask("SUBSCRIBE", [("id", "check"), ("destination", f"/amq/queue/{name}"), *offset])
    except RequestRefused as error:
        text = error.server_text or str(error)
        return _found(text), text
    except Stopped:
        raise
    except NoAnswer as error:
        # A quorum queue without a majority answers nobody.
        return StreamCheck.DOWN, str(error)
    except ClientError as error:
        return StreamCheck.UNKNOWN, str(error)
    finally:
        client.drop()
    return StreamCheck.STREAM, ""


def _found(text: str) -> StreamCheck:
    if "invalid arg 'x-stream-offset'" in text:
        return StreamCheck.OTHER
    if "RESOURCE_LOCKED" in text:
        return StreamCheck.EXCLUSIVE
    if _DOWN.search(text):
        return StreamCheck.DOWN
    if "NOT_FOUND - no queue" in text:
        return StreamCheck.MISSING
    return StreamCheck.DENIED if "ACCESS_REFUSED" in text.upper() else StreamCheck.UNKNOWN

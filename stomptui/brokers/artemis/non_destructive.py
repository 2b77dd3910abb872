"""Queues of Artemis that keep what is acknowledged (non-destructive): a reader takes nothing out of them.

Verified on 2.56. Neither listQueues nor the attributes of a queue tell of it, and those of its address tell the default
alone. It shows in a message that a reader holds: others get it all the same.
https://artemis.apache.org/components/artemis/documentation/latest/non-destructive-queues.html
"""

from __future__ import annotations

import time

from stomptui.brokers.artemis.management.client import VERSIONS, ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace
from stomptui.brokers.artemis.peek.messages import number_of
from stomptui.connection.blocking_client import BlockingClient, ClientError, NoAnswer
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.protocol.numbers import whole_number
from stomptui.queues.access_context import AccessContext

WAIT = 0.5
"""Seconds that another reader waits for a message that is held."""
_ID = "check"


def refusal(place: ArtemisPlace) -> str:
    """Why nothing is taken out of such a queue."""
    return (
        f"{shown(place.destination)} is non-destructive: what is acknowledged stays in it, so that nothing can be "
        "taken out this way; it can be copied or saved"
    )


def is_listed(management: ManagementClient, place: ArtemisPlace, message: Frame) -> bool:
    """Whether the management lists a message that we hold, which it does not where it is ours alone. It lists no more
    than the first of a long queue. Raises `ClientError`."""
    number, selector = number_of(message), _selector(message)
    if number is None or not selector:
        return False
    rows = management.call(f"queue.{place.queue}", "listMessages", selector) or ()
    return any(str(row.get("messageID")) == str(number) for row in rows)


def others_get(context: AccessContext, place: ArtemisPlace, message: Frame) -> bool:
    """Whether another reader is given a message that we hold; False too where that cannot be found out."""
    number, selector = number_of(message), _selector(message)
    if number is None or not selector:
        return False
    try:
        client = context.dial("checking what a reader takes", quiet=True, versions=VERSIONS)
    except ClientError as error:
        LOGGER.info("whether %s is non-destructive was not found out: %s", shown(place.destination), error)
        return False
    try:
        asked = (("ack", "client-individual"), ("selector", selector), ("consumer-window-size", "-1"))
        client.ask("SUBSCRIBE", [("id", _ID), ("destination", place.destination), *asked, *place.read_headers])
        found = _comes(client, number)
        # What came goes back uncounted by this alone.
        client.ask("UNSUBSCRIBE", [("id", _ID)], timeout=5.0)
    except ClientError as error:
        LOGGER.info("whether %s is non-destructive was not found out: %s", shown(place.destination), error)
        return False
    finally:
        client.close()
    return found


def _comes(client: BlockingClient, number: int) -> bool:
    until = time.monotonic() + WAIT
    while (left := until - time.monotonic()) > 0:
        try:
            frames = client.messages(1, _ID, left)
        except NoAnswer:
            return False
        if any(number_of(frame) == number for frame in frames):
            return True
    return False


def _selector(message: Frame) -> str:
    """What picks a message, and perhaps a few others; "" if it has no time."""
    when = whole_number(message.get("timestamp") or "")
    return "" if when is None else f"AMQTimestamp = {when}"

"""Copies of what is sent to a queue of Artemis from now on, by a divert.

The queue gets everything all the same. What is moved into it by the management goes past a divert.
"""

from __future__ import annotations

import contextlib
import uuid

from stomptui.brokers.artemis.dialect import Artemis
from stomptui.brokers.artemis.management.client import Declined, ManagementClient
from stomptui.brokers.artemis.management.queue_lookup import find
from stomptui.connection.blocking_client import BlockingClient, ClientError
from stomptui.connection.events import Event
from stomptui.connection.program_log import LOGGER
from stomptui.protocol.copies import COPY_PREFIX
from stomptui.protocol.frame import Frame
from stomptui.protocol.names import shown
from stomptui.queues.access_context import AccessContext


class Divert:
    """One queue that is watched, from `open` to `close`, which must follow. All methods block, and are for one thread.

    Args:
        context: Connections for the management; its event queue is not that of `client` if another thread reads it.
        client: The connection that the copies come by.
        queue: The destination of the queue as the person named it.
        subscription: The id that the copies will carry.
    """

    def __init__(self, context: AccessContext, client: BlockingClient, queue: str, subscription: str) -> None:
        self.client = client
        self.queue = queue
        self.subscription = subscription
        self.name = f"{COPY_PREFIX}{uuid.uuid4()}"
        """Of the divert, and of the address that it forwards to."""
        self._context = context

    @property
    def warning(self) -> str:
        """What to know before it is opened."""
        return Artemis.copies

    def open(self) -> None:
        """Have copies sent to us.

        Raises:
            NoRight: This user may not manage the broker.
            ClientError: There is no such queue, no connection, or no answer.
        """
        management = ManagementClient.dial(self._context)
        try:
            found = find(management, self.queue)
            if found is None:
                raise ClientError(f"there is no queue {shown(self.queue)}")
            sweep(management)
            self.client.ask("SUBSCRIBE", [("id", self.subscription), ("destination", self.name), ("ack", "auto")])
            copied = (self.name, self.name, found.place.address, self.name, False, None, None)
            try:
                management.call("broker", "createDivert", *copied)
            except ClientError:
                self._remove(management)
                raise
        finally:
            management.close()

    def copies(self, event: Event) -> list[Frame]:
        """The copies that an event of the connection brings. `_AMQ_ORIG_` headers say where they were sent to."""
        return [frame for frame in self.client.frames(event) if frame.get("subscription") == self.subscription]

    def close(self) -> str | None:
        """Remove it; what is still there and why, None if nothing is."""
        try:
            management = ManagementClient.dial(self._context)
            try:
                return self._remove(management)
            finally:
                management.close()
        except ClientError as error:
            return f"the divert {self.name} is still there: {error}"

    def _remove(self, management: ManagementClient) -> str | None:
        failed: str | None = None
        with contextlib.suppress(Declined):  # it is not there
            management.call("broker", "destroyDivert", self.name)
        if not self.client.gone and not self.client.session.state.over:
            try:
                self.client.ask("UNSUBSCRIBE", [("id", self.subscription)], timeout=5.0)
            except ClientError as error:
                failed = f"its subscription was not ended: {error}"
        _forget(management, self.name)
        return failed


def sweep(management: ManagementClient) -> None:
    """Remove diverts of ours that copy for nobody: those of apps that were killed. Raises `ClientError`."""
    for name in management.call("broker", "getDivertNames") or ():
        if str(name).startswith(COPY_PREFIX) and not _listeners(management, name):
            LOGGER.info("a divert that nobody listens to is removed: %s", name)
            with contextlib.suppress(Declined):
                management.call("broker", "destroyDivert", name)
            _forget(management, name)


def _listeners(management: ManagementClient, address: str) -> list[str]:
    try:
        return list(management.call(f"address.{address}", "getQueueNames") or ())
    except Declined:
        return []


def _forget(management: ManagementClient, address: str) -> None:
    """Delete an address that no queue needs any more."""
    try:
        management.call("broker", "deleteAddress", address)
    except Declined as error:
        LOGGER.info("the address %s was not deleted: %s", address, error)

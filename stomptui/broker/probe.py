"""Seeing who is there, without staying."""

from __future__ import annotations

import dataclasses
import threading

from stomptui.broker.events import Connected, ConnectFailed
from stomptui.broker.inbox import Inbox
from stomptui.broker.session import Session
from stomptui.config.connection import Connection


def probe(connection: Connection, timeout: float | None = None) -> Connected | ConnectFailed:
    """Connect, see who answers, and leave again; waits for it, so not for the event loop's thread.

    Args:
        connection: Where to and as whom.
        timeout: Seconds for connecting, those of the connection by default.
    """
    if timeout is not None:
        connection = dataclasses.replace(connection, timeout=timeout)
    arrived = threading.Event()
    inbox = Inbox(arrived.set)
    session = Session(connection, inbox)
    session.open()
    while True:
        arrived.wait()
        arrived.clear()
        while (event := inbox.get()) is not None:
            if isinstance(event, Connected):
                session.disconnect(1.0)
                return event
            if isinstance(event, ConnectFailed):
                return event

"""The brokers that are known, as a session needs them."""

from __future__ import annotations

from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame


class Brokers(Protocol):
    """Tells which broker answered; it is handed to sessions, which look up none by themselves."""

    def named(self, name: str, server: str = "") -> Dialect:
        """The dialect of that name ("" and names nobody knows give the unknown broker).

        Args:
            name: As of `Dialect.name`.
            server: The `server` header of CONNECTED, which tells the version.
        """

    def recognised(self, connected: Frame, websocket: bool = False, override: str = "") -> Dialect:
        """The dialect of the broker that sent this CONNECTED frame.

        Args:
            connected: The frame.
            websocket: Whether it came over WebSocket.
            override: The name of the dialect to take whatever the frame says.
        """

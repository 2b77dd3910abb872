"""The registry of brokers as an interface: a dialect by its name, or recognised by a CONNECTED frame."""

from __future__ import annotations

from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.protocol.frame import Frame


class Brokers(Protocol):
    """Knows the dialects; handed to sessions, which import no broker."""

    def named(self, name: str, server: str = "") -> Dialect:
        """The dialect of that name; "" and unknown names give that of an unknown broker.

        Args:
            name: As of `Dialect.name`.
            server: The `server` header of CONNECTED, which holds the broker's version; "" without one.
        """

    def recognised(
        self, connected: Frame, websocket: bool = False, override: str = "", behind: bytes | None = None
    ) -> Dialect:
        """The dialect of the broker that sent this CONNECTED frame.

        Args:
            connected: The frame.
            websocket: Whether it came over WebSocket.
            override: The name of the dialect to use whatever the frame says; "" to recognise it.
            behind: What came behind its NUL in one WebSocket message; None where that is not known.
        """

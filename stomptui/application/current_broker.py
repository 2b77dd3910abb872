"""What parts of a `Console` need to know of the broker that is connected now."""

from __future__ import annotations

from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.reconnect import ReconnectingSession
from stomptui.connection.session import Session


class CurrentBroker(Protocol):
    """The broker of now; a `Console` is one."""

    @property
    def main_connection(self) -> ReconnectingSession | None:
        """The connection of now, None before the first."""

    @property
    def session(self) -> Session | None:
        """The session of the main connection, while there is one."""

    @property
    def dialect(self) -> Dialect:
        """The broker's."""

    @property
    def version(self) -> str:
        """The STOMP version spoken, the newest while that is not known."""

    @property
    def connected(self) -> bool: ...

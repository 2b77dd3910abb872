"""Which of the addresses of a connection a check asks: the first that answers, as everywhere else."""

from __future__ import annotations

import threading

from stomptui.application.check.answers import CheckStopped
from stomptui.brokers.registry import BROKERS
from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import NotReached
from stomptui.connection.events import ConnectFailed
from stomptui.connection.probe import Probe, ProbeResult


class AddressSearch:
    """One search. `run` is called once, in a thread that may wait.

    Args:
        connection: With one or several addresses.
    """

    def __init__(self, connection: Connection) -> None:
        self._over = threading.Event()
        self._found: list[ProbeResult] = []
        self._cancelled = False
        self._asking = Probe(connection, self._came, BROKERS)

    def _came(self, result: ProbeResult) -> None:
        self._found.append(result)
        self._over.set()

    def cancel(self) -> None:
        """End it; from any thread."""
        self._cancelled = True
        self._asking.cancel()
        # To look up a name may take longer than that.
        self._over.set()

    def run(self) -> tuple[Connection, list[str]]:
        """Connect to one address after the other.

        Returns:
            The connection at the address that answers, and why those before it did not.

        Raises:
            NotReached: None answers, or one refuses the login.
            CheckStopped: It was cancelled.
        """
        if not self._cancelled:
            self._asking.start()
            self._over.wait()
        if self._cancelled:
            raise CheckStopped
        (result,) = self._found
        if isinstance(result, ConnectFailed):
            raise NotReached.of(result, self._asking.connection)
        return self._asking.connection, self._asking.reasons

"""`AccessContext`: opens side connections for work on a queue, and says when that work is to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from stomptui.config.connection import Connection
from stomptui.connection.blocking_client import BlockingClient, BlockingEventQueue


class Connector(Protocol):
    """Opens another connection to the same broker."""

    def __call__(self, word: str, *, quiet: bool = False, versions: tuple[str, ...] = ()) -> BlockingClient:
        """
        Args:
            word: What it is for, as the person reads it: "peeking".
            quiet: Keep it out of the log: what it is refused is asked for on purpose.
            versions: The STOMP versions to offer, those of the person's connection by default.

        Raises:
            ConnectionGone: It could not be done.
        """


@dataclass(frozen=True)
class AccessContext:
    """What an access works with.

    Args:
        dial: Opens connections.
        event_queue: Where all of them are heard.
        stopped: Why the person wants no more of what is being done, None while they do.
    """

    dial: Connector
    event_queue: BlockingEventQueue
    stopped: Callable[[], str | None] = lambda: None
    login: str = ""
    """Who we are to the broker."""
    connection: Connection | None = None
    """The person's connection, which says where a management over HTTP is; None where none is to be asked."""

    @property
    def change_refusal(self) -> str:
        """Why nothing can be changed over the person's connection, "" if it can."""
        return self.connection.environment.refusal if self.connection is not None else ""

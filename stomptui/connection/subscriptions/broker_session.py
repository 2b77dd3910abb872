"""The session that carries the wanted subscriptions now, and what is known of its broker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.frame_headers import Subscription
from stomptui.protocol.frame import Frame


class AnySession(Protocol):
    """What reconnecting and subscriptions use of a session; `Session` is one."""

    @property
    def number(self) -> int: ...
    def open(self) -> None: ...
    def close(self, reason: str = ...) -> None: ...
    def disconnect(self, timeout: float = ...) -> None: ...
    def subscribe(self, spec: Subscription, /) -> object: ...
    def unsubscribe(self, subscription: str, /) -> object: ...
    def ack(self, message: Frame, /, *, receipt: bool) -> object: ...
    def next_receipt(self) -> str: ...
    def gives_receipt(self, destination: str, command: str = ..., /) -> bool: ...
    def send(self, command: str, headers: Sequence[tuple[str, str]], /) -> str: ...


@dataclass
class BrokerSession:
    """Shared by all that works on the subscriptions of one connection; changes with each reconnect."""

    dialect: Dialect
    """That of the last broker connected to; before the first, what is assumed of it."""
    client_id: str = ""
    """The `client-id` of CONNECT, "" without one."""
    session: AnySession | None = None
    """None while there is no connection."""
    version: str = "1.2"
    """The STOMP version agreed."""

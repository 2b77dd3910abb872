"""The headers of SUBSCRIBE, UNSUBSCRIBE, ACK and NACK for a version and a dialect (STOMP 1.2, "Client Frames")."""

from __future__ import annotations

from dataclasses import dataclass

from stomptui.connection.dialect.base import Dialect
from stomptui.connection.errors import Unsupported
from stomptui.protocol.frame import Frame

HeaderList = list[tuple[str, str]]


@dataclass(frozen=True)
class Subscription:
    """The parameters of a SUBSCRIBE (1.2, "SUBSCRIBE")."""

    id: str
    destination: str
    ack: str = "auto"
    """"auto", "client" or "client-individual"."""
    selector: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Extra headers, in order."""
    prefetch: int | None = None
    """How many messages may be unacknowledged; None leaves it to the broker."""


def subscribe_headers(spec: Subscription, dialect: Dialect) -> HeaderList:
    """The headers of SUBSCRIBE; a header in `spec.headers` replaces the one we would add."""
    written = {name for name, _ in spec.headers}
    lines = [("id", spec.id), ("destination", spec.destination), ("ack", spec.ack)]
    if spec.selector:
        lines.append(("selector", spec.selector))
    lines = [line for line in lines if line[0] not in written]
    lines += dialect.subscribe_headers(spec.destination, spec.headers, spec.prefetch)
    return [*lines, *spec.headers]


def unsubscribe_headers(subscription: str, destination: str, dialect: Dialect) -> HeaderList:
    """The headers of UNSUBSCRIBE: by id, which 1.0 allows and later versions require."""
    return [("id", subscription), *dialect.unsubscribe_headers(destination)]


def ack_headers(message: Frame, version: str, dialect: Dialect) -> HeaderList:
    """The headers of ACK for a message.

    Raises:
        Unsupported: The message has nothing to name it by.
    """
    try:
        return dialect.acknowledgement.ack_headers(message, version)
    except ValueError as error:
        raise Unsupported(str(error)) from error


def nack_headers(message: Frame, requeue: bool | None, version: str, dialect: Dialect) -> HeaderList:
    """The headers of NACK for a message; `requeue` None leaves to the broker what becomes of it.

    Raises:
        Unsupported: There is no NACK in this version.
    """
    if not dialect.acknowledgement.can_nack(version):
        raise Unsupported(f"STOMP {version} has no NACK: connect with 1.1 or 1.2")
    return [*ack_headers(message, version, dialect), *dialect.acknowledgement.nack_headers(requeue)]

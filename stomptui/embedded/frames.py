"""Encoding MESSAGE, ERROR and RECEIPT, each followed by a line feed as on RabbitMQ (STOMP 1.2, "Server Frames")."""

from __future__ import annotations

from stomptui.embedded.message import header_line
from stomptui.embedded.queues import QueueEntry, ServerSubscription
from stomptui.embedded.refused import FrameRefused
from stomptui.protocol.codec import VERSIONS


def message_frame(subscription: ServerSubscription, entry: QueueEntry, session: str, tag: int, version: str) -> bytes:
    """A MESSAGE; its message-id is made of subscription, session and delivery tag, as on RabbitMQ."""
    message = entry.message
    id = f"{subscription.tag}@@{session}@@{tag}"
    lines = [b"MESSAGE\n"]
    if subscription.id is not None:
        lines.append(header_line("subscription", subscription.id, version))
    lines.append(header_line("destination", message.destination, version))
    lines.append(header_line("message-id", id, version))
    lines.append(b"redelivered:true\n" if entry.redelivered else b"redelivered:false\n")
    if version == "1.2" and subscription.mode != "auto":
        lines.append(header_line("ack", id, version))
    lines += (message.block(version), message.body, b"\0\n")
    return b"".join(lines)


def error_frame(
    refused: FrameRefused, version: str, receipt: str | None = None, subscription: str | None = None
) -> bytes:
    """An ERROR; unlike on RabbitMQ, its receipt-id names the frame that it is about."""
    text = refused.text.encode("utf-8", "replace")
    lines = [b"ERROR\n", header_line("message", refused.message, version), b"content-type:text/plain\n"]
    lines.append(b"version:%s\n" % ",".join(VERSIONS).encode())
    if receipt is not None:
        lines.append(header_line("receipt-id", receipt, version))
    if subscription is not None:
        lines.append(header_line("subscription", subscription, version))
    lines.append(b"content-length:%d\n\n%s\0\n" % (len(text), text))
    return b"".join(lines)


def receipt_frame(receipt: str, version: str) -> bytes:
    """A RECEIPT for the `receipt` header of a client's frame."""
    return b"RECEIPT\n" + header_line("receipt-id", receipt, version) + b"\n\0\n"

"""What known headers mean, in the words of STOMP 1.2 or of the broker at hand."""

from __future__ import annotations

from collections.abc import Mapping

_STOMP = {
    "accept-version": "STOMP versions the client can speak",
    "ack": "what to send back as id in ACK or NACK",
    "content-length": "bytes in the body",
    "content-type": "what the body is",
    "content-encoding": "how the body is packed",
    "correlation-id": "ties a reply to its request",
    "destination": "where the message was sent to",
    "heart-beat": "can send every, wants to hear every (ms); 0 is never",
    "host": "the virtual host asked for",
    "id": "the subscription, or the message that is acknowledged",
    "login": "the user to connect as",
    "message": "what went wrong, in short",
    "message-id": "the server's name for this delivery",
    "passcode": "the password",
    "receipt": "asks the server to confirm this frame",
    "receipt-id": "confirms the frame that asked for this receipt",
    "redelivered": "true: was delivered before and came back",
    "reply-to": "where the sender wants the answer",
    "selector": "only messages that match this condition",
    "server": "the server software",
    "session": "the server's name for this connection",
    "subscription": "the id of the subscription that got it",
    "transaction": "part of this transaction, until COMMIT or ABORT",
    "user-name": "who the server takes this connection for",
    "version": "STOMP versions the server speaks; in CONNECTED, the one chosen",
}


def meaning(name: str, own: Mapping[str, str]) -> str:
    """What a header means in a frame.

    Args:
        name: The header's name, as on the wire.
        own: What headers mean on this broker, where that is more than STOMP says.

    Returns:
        A few words, "" for a header that neither STOMP nor the broker defines.
    """
    return own.get(name) or _STOMP.get(name, "")

"""Preparing a message of Artemis to be sent again: headers and body."""

from __future__ import annotations

from stomptui.brokers.artemis.management.queue_lookup import ArtemisPlace
from stomptui.brokers.jms.hidden_content import is_hollow
from stomptui.protocol.frame import Frame
from stomptui.queues.actions.action import PreparedMessage
from stomptui.queues.headers.preparing import MessagePreparer

_MULTICAST = "0"


class ArtemisPreparer(MessagePreparer):
    """Tells texts from bytes by where their content-length stands."""

    origin_headers = frozenset(f"_AMQ_ORIG_{what}" for what in ("ADDRESS", "QUEUE", "MESSAGE_ID", "ROUTING_TYPE")) | {
        "_AMQ_ACTUAL_EXPIRY"
    }
    loses = "Artemis shows numbers and booleans in headers as text over STOMP: messages go with the text."

    def _prepare(self, message: Frame, retry: bool, source: str) -> PreparedMessage:
        prepared = super()._prepare(message, retry, source)
        if prepared.content_length or b"\0" not in prepared.body:
            return prepared
        return prepared.as_bytes("it holds a NUL")

    def keeps_content_length(self, message: Frame) -> bool:
        # Bytes have their length near the top, texts at the very end; an empty text has none.
        names = [name for name, _ in message.headers]
        if "content-length" not in names:
            return False
        is_last = names[-1] == "content-length"
        return not (is_last and message.body_size and message.version != "1.0" and _is_text(message.body))

    def incomplete(self, message: Frame) -> str:
        if is_hollow(message):
            return "its body is empty, and if it is a JMS map or object message STOMP does not show what is in it"
        return ""

    def origin(self, message: Frame) -> str:
        address, queue = (message.get(f"_AMQ_ORIG_{what}") or "" for what in ("ADDRESS", "QUEUE"))
        if not address or not queue:
            return address or queue
        shared = message.get("_AMQ_ORIG_ROUTING_TYPE") == _MULTICAST
        return ArtemisPlace(queue, address, shared).destination


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

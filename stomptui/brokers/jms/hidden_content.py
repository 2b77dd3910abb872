"""Messages whose content STOMP may not show: JMS map, object and stream messages come with an empty body."""

from __future__ import annotations

from stomptui.protocol.frame import Frame


def is_hollow(message: Frame) -> bool:
    """Whether it may be a message whose content STOMP does not show: no text, and no bytes either."""
    return not message.body_size and message.get("content-length") is None

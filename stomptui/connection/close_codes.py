"""Close codes of WebSockets, and what they say (RFC 6455, section 7.4; how a session ended by one is in `ending`)."""

from __future__ import annotations

UNAUTHORIZED, FORBIDDEN = frozenset({3000, 4401}), frozenset({1008, 3003, 4403})
"""For a login that is missing, and for what rules forbid for any reason: registered codes (RFC 6455, section 11.7), and
4000 with the status of HTTP behind it, as applications choose theirs."""
TOO_LARGE = 1009
"""The close code for a message that is larger than the closing side accepts."""
OWN = range(3000, 5000)
"""Close codes of libraries and applications, whose words say more than the code."""
CLOSE_WORDS = {
    1000: "it is done",
    1001: "it is going away",
    1002: "it saw a protocol error",
    1003: "it does not take messages of this kind",
    1007: "it got bytes that are not text in a text message",
    1008: "its rules forbid to go on, often because a login has ended",
    TOO_LARGE: "our WebSocket message was too large for it",
    1010: "it wants an extension that was not offered",
    1011: "it failed",
    1012: "it restarts",
    1013: "it is too busy: try again later",
    3000: "it wants a login or token",
    3003: "it does not allow that with this login",
    3008: "it timed out waiting for us",
    4400: "it did not accept what was sent",
    4401: "it wants a login or token",
    4403: "it does not allow that with this login",
    4408: "it timed out waiting for us",
    4413: "what was sent was too large for it",
    4429: "too many requests: try again later",
    4503: "it is not available now",
    4500: "we read too slowly, or it saw no CONNECT in time",
}
"""Why the server closed, in our words."""

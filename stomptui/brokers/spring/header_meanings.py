"""What headers mean in frames of Spring's simple broker, in a few words each."""

from __future__ import annotations

MEANINGS = {
    "message-id": "session-number; the number counts in the order the broker saw",
    "receipt": "kept from the sender's own SEND; the simple broker confirms DISCONNECT only",
    "ack": "kept from the sender; the simple broker knows no acknowledgements",
    "user-name": "the user the server authenticated; without it nobody",
    "content-length": "bytes in the body; wrong where the server replaced bytes that are no text",
}

"""STOMP itself: bytes and values, no I/O."""

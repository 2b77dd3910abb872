"""STOMP as bytes and values, without I/O: frames, encoding, marking, escapes; and what makes text safe to paint."""

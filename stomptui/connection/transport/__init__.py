"""One socket and its thread: connected, encrypted, read, written, kept alive."""

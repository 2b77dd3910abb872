"""The embedded broker, as a client sees it."""

"""The embedded broker, for the demo, for tests and for trying things; not for production."""

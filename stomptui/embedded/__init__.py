"""The embedded broker: for the demo, for tests, for learning; not for real work."""

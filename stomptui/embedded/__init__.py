"""The broker in the box: for the demo, for tests, for learning; not for real work."""

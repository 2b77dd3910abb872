"""Watching the dead-letter queues of a broker."""

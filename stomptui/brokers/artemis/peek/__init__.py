"""Peeking into queues of Artemis, and watching copies of what they get."""

"""Peeking: seeing the messages of a queue without taking them out."""

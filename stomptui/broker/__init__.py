"""Talking to a broker: the only rooms that import stomp."""

"""Requests: sent with a temporary reply queue, and paired with their answers."""

"""Peeking into queues of ActiveMQ Classic, and taking messages out of them."""
